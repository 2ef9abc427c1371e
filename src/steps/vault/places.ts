/** Where things lie in pods. Those of the injector are the same, so that one configuration serves both. */
export const SECRETS_FOLDER = '/vault/secrets';
export const CONFIG_FOLDER = '/vault/configs';
export const TOKEN_FOLDER = '/var/run/secrets/vault.hashicorp.com/serviceaccount';
export const HOME = '/home/vault';
/** What the agent wrote, without a value: a line `VERSION PATH` for every secret. */
export const VERSIONS_FILE = `${HOME}/versions`;

/** Containers, as the injector calls its own. */
export const INIT_CONTAINER = 'vault-agent-init';
export const AGENT_CONTAINER = 'vault-agent';

import type { Vault, VaultApplication } from '../../spec/vault.js';
import { CONFIG_FOLDER, HOME, TOKEN_FOLDER } from './places.js';
import { fileTemplates, type Template, versionsTemplate } from './templates.js';

/** Which of an application's two agents: the one that fills the files before it starts, or the one that keeps them fresh. */
export type AgentTask = 'first' | 'keep';

/** HCL has the strings of JSON. */
const text = (value: string): string => JSON.stringify(value);

const CA_FILE = 'ca.pem';

const vaultStanza = ({ address, ca }: Vault): readonly string[] => [
  'vault {',
  `  address = ${text(address)}`,
  ...(ca === undefined ? [] : [`  ca_cert = ${text(`${CONFIG_FOLDER}/${CA_FILE}`)}`]),
  '}',
];

/** The wait between two tries grows to half a minute at most, so that pods notice soon when Vault is back. */
const loginStanza = ({ auth, namespace }: Vault, role: string, task: AgentTask): readonly string[] => [
  'auto_auth {',
  '  method "kubernetes" {',
  `    mount_path = ${text(`auth/${auth.path}`)}`,
  ...(namespace === undefined ? [] : [`    namespace = ${text(namespace)}`]),
  '    min_backoff = "1s"',
  '    max_backoff = "30s"',
  '    config = {',
  `      role = ${text(role)}`,
  `      token_path = ${text(`${TOKEN_FOLDER}/token`)}`,
  '    }',
  '  }',
  ...(task === 'first'
    ? []
    : ['  sink "file" {', '    config = {', `      path = ${text(`${HOME}/.vault-token`)}`, '    }', '  }']),
  '}',
];

const templateStanza = ({ destination, contents }: Template): readonly string[] => [
  'template {',
  `  destination = ${text(destination)}`,
  `  contents = ${text(contents)}`,
  // A key that is not there is an error that the log tells, not an empty value that is used.
  '  error_on_missing_key = true',
  '}',
];

/** The configuration of Vault's agent in HCL, for one application. Without a value of any secret. Pure. */
const agentConfig = (
  vault: Vault,
  {
    application,
    role,
    task,
  }: { readonly application: VaultApplication; readonly role: string; readonly task: AgentTask },
): string => {
  const templates = [
    ...fileTemplates(vault.mount, application),
    ...(task === 'keep' ? [versionsTemplate(vault.mount, application)] : []),
  ];
  const stanzas = [
    ...(task === 'first' ? [['exit_after_auth = true']] : []),
    vaultStanza(vault),
    loginStanza(vault, role, task),
    ['template_config {', `  static_secret_render_interval = ${text(vault.agent.refresh)}`, '}'],
    ...templates.map(templateStanza),
  ];
  return `${stanzas.map((lines) => lines.join('\n')).join('\n\n')}\n`;
};

/** Files of the folder that both agents find their configuration in; named as the injector wants them. */
export const configFiles = (
  vault: Vault,
  application: VaultApplication,
  role: string,
): Readonly<Record<string, string>> => ({
  'config-init.hcl': agentConfig(vault, { application, role, task: 'first' }),
  'config.hcl': agentConfig(vault, { application, role, task: 'keep' }),
  ...(vault.ca === undefined ? {} : { [CA_FILE]: vault.ca }),
});

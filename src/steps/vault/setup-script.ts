import { shellQuote } from '../../core/shell.js';
import type { Cluster } from '../../spec/cluster.js';
import type { Vault } from '../../spec/vault.js';
import { policyText, type VaultRole, vaultRoles } from './policy.js';

const REVIEWER_TOKEN = 'reviewer.jwt';
const CLUSTER_CA = 'kubernetes-ca.crt';

/** Where the token of the reviewer and the cluster's CA are read from; both go through files, never through arguments. */
const fromCluster = ({ auth: { reviewer } }: Vault): readonly string[] => {
  const read = (field: string, file: string): string =>
    `kubectl -n ${reviewer.namespace} get secret ${reviewer.name} -o 'jsonpath={.data.${field}}' | base64 -d > ${file}`;
  return ['umask 077', read('token', REVIEWER_TOKEN), read(String.raw`ca\.crt`, CLUSTER_CA)];
};

const apiAddress = ({ spec, hosts }: Cluster): string => {
  const host = spec.api.endpoint ?? hosts.find(({ role }) => role === 'server')?.address ?? 'ADDRESS';
  return `https://${host.includes(':') ? `[${host}]` : host}:${spec.api.port}`;
};

const roleLines = (vault: Vault, role: VaultRole): readonly string[] => [
  `vault policy write ${role.name} - <<'END'`,
  `${policyText(vault, role)}END`,
  [
    `vault write auth/${vault.auth.path}/role/${role.name}`,
    `bound_service_account_names=${role.serviceAccounts.join(',')}`,
    `bound_service_account_namespaces=${role.namespaces.join(',')}`,
    `audience=${shellQuote(vault.auth.audience)}`,
    `token_policies=${role.name}`,
    `token_ttl=${vault.auth.ttl}`,
  ].join(' '),
];

const toVault = (cluster: Cluster, vault: Vault): readonly string[] => [
  `export VAULT_ADDR=${shellQuote(vault.address)}`,
  ...(vault.namespace === undefined ? [] : [`export VAULT_NAMESPACE=${shellQuote(vault.namespace)}`]),
  [
    `vault write auth/${vault.auth.path}/config`,
    `kubernetes_host=${shellQuote(apiAddress(cluster))}`,
    `kubernetes_ca_cert=@${CLUSTER_CA}`,
    `token_reviewer_jwt=@${REVIEWER_TOKEN}`,
  ].join(' '),
  ...vaultRoles(cluster).flatMap((role) => roleLines(vault, role)),
];

/** Which of the two places the commands are for. */
export type SetupPart = 'cluster' | 'vault';

/**
 * Commands for whoever may do them: what Vault must know of the cluster, and what its applications may read. Without a secret:
 * the reviewer's token goes from the cluster to Vault through a file.
 */
export const setupScript = (
  cluster: Cluster,
  vault: Vault,
  parts: readonly SetupPart[] = ['cluster', 'vault'],
): string => {
  const texts: Readonly<Record<SetupPart, readonly string[]>> = {
    cluster: [
      `# Where kubectl reaches ${cluster.name}, once drover apply has made ${vault.auth.reviewer.namespace}/${vault.auth.reviewer.name}:`,
      ...fromCluster(vault),
    ],
    vault: [
      '# Where these two files are, by somebody who may write policies and logins in Vault (vault login, or VAULT_TOKEN).',
      `# Once, when the login is not there yet: vault auth enable -path=${vault.auth.path} kubernetes`,
      ...toVault(cluster, vault),
      `rm ${REVIEWER_TOKEN}`,
    ],
  };
  return `${parts.map((part) => texts[part].join('\n')).join('\n\n')}\n`;
};

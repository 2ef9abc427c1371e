import type { Cluster } from './cluster.js';
import type { ExternalService } from './service-address.js';

export type Vault = NonNullable<Cluster['spec']['vault']>;
type Application = Cluster['spec']['applications'][number];

/** An application with what it gets from Vault. */
export type VaultApplication = Application & { readonly vault: NonNullable<Application['vault']> };

type View = Pick<Cluster, 'spec' | 'hosts'>;

const HTTPS_PORT = 443;

/** Where the Vault of the spec is called. */
export const vaultEndpoint = ({ address }: Vault): { readonly host: string; readonly port: number } => {
  const { hostname, port } = new URL(address);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || HTTPS_PORT };
};

/** The host of the spec that the Vault of the spec runs on, where it is one of them. */
export const vaultHost = ({ spec: { vault }, hosts }: View): string | undefined => {
  if (vault === undefined) return undefined;
  const { host } = vaultEndpoint(vault);
  return hosts.find(({ name, address }) => address === host || name === host)?.name;
};

/** What sys/health answers to somebody without a token; a standby passes requests on. */
const HEALTHY = [200, 429, 472, 473];

/** Vault as a service outside the cluster: it is looked at from nodes and pods like every other. */
export const vaultService = (view: View): ExternalService | undefined => {
  const { vault } = view.spec;
  if (vault === undefined) return undefined;
  const { host, port } = vaultEndpoint(vault);
  const own = vaultHost(view);
  return {
    name: 'vault',
    kind: 'other',
    ...(own === undefined ? { hosts: [], endpoint: host } : { hosts: [own] }),
    port,
    ports: {},
    tls: true,
    ...(vault.ca === undefined ? {} : { ca: vault.ca }),
    namespaces: [],
    health: {
      protocol: 'https',
      path: '/v1/sys/health',
      status: HEALTHY,
      interval: '15s',
      timeout: '10s',
      retries: 3,
    },
  };
};

/** Statuses of sys/health in words (Vault's API documentation, /sys/health). */
export const VAULT_HEALTH: Readonly<Record<number, string>> = {
  200: 'unsealed and active',
  429: 'unsealed, on standby',
  472: 'a disaster recovery replica',
  473: 'unsealed, a performance standby',
  501: 'not initialized',
  503: 'sealed',
};

/** Enabled applications that get something from Vault. */
export const vaultApplications = ({ spec }: Pick<Cluster, 'spec'>): readonly VaultApplication[] =>
  spec.applications.filter(
    (application): application is VaultApplication => application.enabled && application.vault !== undefined,
  );

/** Role and policy of an application in Vault: its own, unless the spec names one. */
export const vaultRole = (cluster: string, { name, namespace, vault }: VaultApplication): string =>
  vault.role ?? `${cluster}-${namespace}-${name}`;

/** Every path that an application reads, once, sorted. */
export const vaultPaths = ({ vault }: VaultApplication): readonly string[] => {
  const paths = vault.files.flatMap(({ env = {}, value }) => [
    ...Object.values(env).map(({ path }) => path),
    ...(value === undefined ? [] : [value.path]),
  ]);
  return [...new Set(paths)].sort();
};

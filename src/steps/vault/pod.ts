import { digest } from '../../core/canonical.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { ADDRESSES_OF_SPEC } from '../../diagnosis/policy/rules/no-hard-coded-addresses.js';
import { type Vault, type VaultApplication, vaultRole } from '../../spec/vault.js';
import type { Application, AppsInput } from '../apps/input.js';
import { metaOf } from '../apps/input.js';
import { configFiles } from './agent-config.js';
import {
  AGENT_CONTAINER,
  CONFIG_FOLDER,
  HOME,
  INIT_CONTAINER,
  SECRETS_FOLDER,
  TOKEN_FOLDER,
} from './places.js';

type Fields = Readonly<Record<string, unknown>>;

/** What an application's pods get so that Vault's agent runs in them. */
export interface VaultPod {
  readonly annotations: Readonly<Record<string, string>>;
  readonly initContainers: readonly Fields[];
  readonly volumes: readonly Fields[];
  /** Mounts of the application's own container. */
  readonly mounts: readonly Fields[];
}

const SECRETS = 'vault-secrets';
const CONFIG = 'vault-config';
const TOKEN = 'vault-token';
const AGENT_HOME = 'vault-home';

/** A pod's token lives an hour; the kubelet makes a new one in time. */
const TOKEN_SECONDS = 3600;

const inMemory = (name: string): Fields => ({ name, emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } });

/** A token for Vault alone: the API of the cluster does not take it. */
const tokenVolume = ({ auth }: Vault): Fields => ({
  name: TOKEN,
  projected: {
    sources: [
      { serviceAccountToken: { path: 'token', audience: auth.audience, expirationSeconds: TOKEN_SECONDS } },
    ],
  },
});

/** User and group of the image's own account. */
const SECURITY: Fields = {
  runAsNonRoot: true,
  runAsUser: 100,
  runAsGroup: 1000,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};

const agent = (name: string, image: string, file: string): Fields => ({
  name,
  image,
  command: ['vault', 'agent', `-config=${CONFIG_FOLDER}/${file}`],
  env: [{ name: 'HOME', value: HOME }],
  resources: { requests: { cpu: '25m', memory: '64Mi' }, limits: { memory: '128Mi' } },
  securityContext: SECURITY,
  volumeMounts: [
    { name: SECRETS, mountPath: SECRETS_FOLDER },
    { name: CONFIG, mountPath: CONFIG_FOLDER, readOnly: true },
    { name: TOKEN, mountPath: TOKEN_FOLDER, readOnly: true },
    { name: AGENT_HOME, mountPath: HOME },
  ],
});

const configName = ({ name }: Application): string => `${name}-vault-agent`;

const filesOf = (cluster: AppsInput['cluster'], vault: Vault, application: VaultApplication) =>
  configFiles(vault, application, vaultRole(cluster.name, application));

const written = (vault: Vault, application: Application): Omit<VaultPod, 'annotations'> => ({
  // The second one starts behind the first, and stays: a sidecar, as Kubernetes 1.29 and newer know them.
  initContainers: [
    agent(INIT_CONTAINER, vault.agent.image, 'config-init.hcl'),
    { ...agent(AGENT_CONTAINER, vault.agent.image, 'config.hcl'), restartPolicy: 'Always' },
  ],
  volumes: [
    inMemory(SECRETS),
    inMemory(AGENT_HOME),
    { name: CONFIG, configMap: { name: configName(application) } },
    tokenVolume(vault),
  ],
  mounts: [{ name: SECRETS, mountPath: SECRETS_FOLDER, readOnly: true }],
});

/** The injector's webhook makes the same of these (vault-k8s, agent-inject/agent/annotations.go). */
const injected = (
  { agent: { image } }: Vault,
  application: Application,
): Readonly<Record<string, string>> => ({
  'vault.hashicorp.com/agent-inject': 'true',
  'vault.hashicorp.com/agent-configmap': configName(application),
  'vault.hashicorp.com/agent-image': image,
  'vault.hashicorp.com/agent-service-account-token-volume-name': TOKEN,
});

const isVaultApplication = (application: Application): application is VaultApplication =>
  application.vault !== undefined;

/** What Vault's agent needs in the pods of an application; undefined = it gets nothing from Vault. Pure. */
export const vaultPodOf = (application: Application, { cluster }: AppsInput): VaultPod | undefined => {
  const { vault } = cluster.spec;
  if (vault === undefined || !isVaultApplication(application)) return undefined;
  // Pods start anew when the configuration changes: agents read it once.
  const config = { 'drover.dev/vault-config': digest(filesOf(cluster, vault, application)).slice(0, 16) };
  return vault.agent.by === 'injector'
    ? {
        annotations: { ...config, ...injected(vault, application) },
        initContainers: [],
        volumes: [tokenVolume(vault)],
        mounts: [],
      }
    : { annotations: config, ...written(vault, application) };
};

/** The agents' configuration as a ConfigMap: there is nothing secret in it. Pure. */
export const vaultConfigOf = (application: Application, { cluster }: AppsInput): readonly KubeObject[] => {
  const { vault } = cluster.spec;
  if (vault === undefined || !isVaultApplication(application)) return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metaOf(application, configName(application), ADDRESSES_OF_SPEC),
      data: filesOf(cluster, vault, application),
    },
  ];
};

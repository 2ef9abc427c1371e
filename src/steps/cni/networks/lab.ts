import type { KubeObject } from '../../../core/ports/kube.js';
import { objectSet } from '../../sets/object-set.js';
import type { NetworkRecipe, RecipeInput } from '../recipe.js';
import { networkAnnotations } from './network-annotations.js';

const NAMESPACE = 'lab-network';
const NAME = 'labnet';
const CONF_NAME = '05-labnet.conflist';
/** Where its pods leave what belongs to the node; the same folder on the host. */
const STATE = '/var/lib/labnet';
const HEALTH_PORT = 9878;
/** The reference under which the lab packs the image. */
const IMAGE = 'docker.io/drover/labnet:1';

const meta = (name: string): KubeObject['metadata'] => ({ name, namespace: NAMESPACE });

const namespace: KubeObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
};

/** Nodes are read and their annotation is written; claims are made in its own namespace alone. */
const rights: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(NAME) },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: NAME },
    rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch', 'patch'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: NAME },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: meta(NAME),
    rules: [
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        verbs: ['get', 'list', 'create', 'update'],
      },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: meta(NAME),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: NAME },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
  },
];

const argumentsOf = (input: RecipeInput): string[] => [
  `--pool=${input.pool}`,
  `--pods=${input.pods}`,
  `--block=${input.blockPrefix}`,
  `--mtu=${input.mtu}`,
  ...(input.port === null ? [] : [`--port=${input.port}`]),
  `--conf-dir=${input.confDir}`,
  `--conf-name=${CONF_NAME}`,
  `--bin-dir=${input.binDir}`,
  `--beside=${input.beside}`,
];

const probe = (path: string, failureThreshold: number): object => ({
  httpGet: { host: '127.0.0.1', port: HEALTH_PORT, path, scheme: 'HTTP' },
  periodSeconds: 2,
  failureThreshold,
  timeoutSeconds: 2,
  successThreshold: 1,
});

/** Folders of the host under the same paths, so that the agent says where things really are. */
const foldersOf = ({ confDir, binDir }: RecipeInput): readonly { name: string; path: string }[] => [
  { name: 'state', path: STATE },
  { name: 'configuration', path: confDir },
  { name: 'plugins', path: binDir },
];

const podSpec = (input: RecipeInput): object => ({
  serviceAccountName: NAME,
  hostNetwork: true,
  dnsPolicy: 'Default',
  priorityClassName: 'system-node-critical',
  tolerations: [{ operator: 'Exists' }],
  terminationGracePeriodSeconds: 5,
  containers: [
    {
      name: NAME,
      image: IMAGE,
      imagePullPolicy: 'IfNotPresent',
      args: argumentsOf(input),
      env: [
        // Without a proxy of Services on the node the API has no address of its own in the cluster.
        { name: 'KUBERNETES_SERVICE_HOST', value: input.api.host },
        { name: 'KUBERNETES_SERVICE_PORT', value: `${input.api.port}` },
        { name: 'NODE_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } },
        {
          name: 'POD_NAMESPACE',
          valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } },
        },
      ],
      securityContext: { privileged: true },
      resources: { requests: { cpu: '10m', memory: '32Mi' } },
      readinessProbe: probe('/readyz', 1),
      livenessProbe: probe('/healthz', 15),
      volumeMounts: foldersOf(input).map(({ name, path }) => ({ name, mountPath: path })),
    },
  ],
  volumes: foldersOf(input).map(({ name, path }) => ({
    name,
    hostPath: { path, type: 'DirectoryOrCreate' },
  })),
});

const agent = (input: RecipeInput): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { ...meta(NAME), annotations: networkAnnotations(input) },
  spec: {
    selector: { matchLabels: { app: NAME } },
    // Its pods answer each other's questions only while they run: not all at once.
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } },
    template: { metadata: { labels: { app: NAME } }, spec: podSpec(input) },
  },
});

/** The network that the lab brings: kernel VXLAN, a block of the pool per node, one agent per node. */
export const labRecipe: NetworkRecipe = {
  driver: 'lab-daemonset',
  set: (input) => objectSet('network/lab', [namespace, ...rights, agent(input)]),
  confName: CONF_NAME,
  conflist: () => ({ kind: 'staged', path: `${STATE}/${CONF_NAME}` }),
  agents: [`${NAMESPACE}/${NAME}`],
  plugins: ['labnet-bridge', 'labnet-host-local', 'labnet-portmap'],
  works: () => ({ device: 'labnet.1', routes: { over: 'labnet.1' } }),
};

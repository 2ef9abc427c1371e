import type { KubeObject } from '../core/ports/kube.js';

/** Names of everything that verification makes; all of it goes with the namespace. */
export interface ProbeNames {
  readonly namespace: string;
  /** Image with sh, wget, ping, nslookup and httpd (busybox). */
  readonly image: string;
  /** ISO 8601: whoever finds the namespace after this may delete it. */
  readonly expires: string;
  /** `Never`: the image must be on every node already, as air-gapped clusters need it. */
  readonly pull?: 'IfNotPresent' | 'Never';
}

/** Namespaces of verifications begin with this. */
export const NAMESPACE_PREFIX = 'drover-verify-';
export const EXPIRES = 'drover.dev/expires';
export const MANAGED_BY = 'app.kubernetes.io/managed-by';
const OWNER = { [MANAGED_BY]: 'drover' };
export const PROBE_PORT = 8080;
/** Nodes listen there in every cluster, and firewalls between them must let it pass. */
export const KUBELET_PORT = 10_250;
/** What each probe says when it starts; read back through the API as its log. */
export const GREETING = 'drover probe on ';

export const namespaceObject = ({ namespace, expires }: ProbeNames): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: namespace,
    labels: { ...OWNER, 'pod-security.kubernetes.io/enforce': 'privileged' },
    annotations: { [EXPIRES]: expires },
  },
});

const SERVE = [
  'mkdir -p /tmp/www',
  'printf %s "$NODE" >/tmp/www/node',
  'cat /sys/class/net/eth0/mtu >/tmp/www/mtu',
  'head -c 65536 /dev/zero >/tmp/www/large',
  `echo "${GREETING}$NODE"`,
  `exec httpd -f -p ${PROBE_PORT} -h /tmp/www`,
].join(' && ');

/** On the host's network nothing listens: a port there could be taken, or closed by a firewall for good reason. */
const STAY = `echo "${GREETING}$NODE"; exec sleep 86400`;

export interface PodChoice {
  readonly name: string;
  readonly kind: 'pod' | 'host' | 'volume' | 'image';
  readonly claim?: string;
  readonly pull?: 'Always' | 'IfNotPresent' | 'Never';
}

const container = (names: ProbeNames, node: string, choice: PodChoice): object => ({
  name: 'probe',
  image: names.image,
  imagePullPolicy: choice.pull ?? names.pull ?? 'IfNotPresent',
  command: ['sh', '-c', choice.kind === 'pod' ? SERVE : STAY],
  env: [{ name: 'NODE', value: node }],
  ...(choice.kind === 'pod'
    ? {
        ports: [{ containerPort: PROBE_PORT }],
        readinessProbe: { httpGet: { path: '/node', port: PROBE_PORT }, periodSeconds: 1 },
      }
    : {}),
  resources: { requests: { cpu: '1m', memory: '8Mi' }, limits: { memory: '64Mi' } },
  ...(choice.claim === undefined ? {} : { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
});

/** A pod of verification on one node. */
export const podObject = (names: ProbeNames, node: string, choice: PodChoice): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: choice.name,
    namespace: names.namespace,
    labels: { ...OWNER, 'drover.dev/probe': choice.kind },
  },
  spec: {
    // A volume that waits for its first consumer is bound by the scheduler; the others need none.
    ...(choice.claim === undefined
      ? { nodeName: node }
      : { nodeSelector: { 'kubernetes.io/hostname': node } }),
    hostNetwork: choice.kind === 'host',
    dnsPolicy: choice.kind === 'host' ? 'ClusterFirstWithHostNet' : 'ClusterFirst',
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    tolerations: [{ operator: 'Exists' }],
    containers: [container(names, node, choice)],
    ...(choice.claim === undefined
      ? {}
      : { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: choice.claim } }] }),
  },
});

/** One pod on the cluster network and one on the host network of every node. */
export const probePods = (names: ProbeNames, nodes: readonly string[]): KubeObject[] =>
  nodes.flatMap((node, index) => [
    podObject(names, node, { name: `pod-${index}`, kind: 'pod' }),
    podObject(names, node, { name: `host-${index}`, kind: 'host' }),
  ]);

export const probeService = ({ namespace }: ProbeNames): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'probe', namespace, labels: OWNER },
  spec: { selector: { 'drover.dev/probe': 'pod' }, ports: [{ port: 80, targetPort: PROBE_PORT }] },
});

/** A claim without a class: the default class must provide it. */
export const probeClaim = ({ namespace }: ProbeNames): KubeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'volume', namespace, labels: OWNER },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '16Mi' } } },
});

import type { KubeObject } from '../core/ports/kube.js';

/** Names of everything that verification makes; all of it goes with the namespace. */
export interface ProbeNames {
  readonly namespace: string;
  /** Image with sh, wget, nslookup and httpd (busybox). */
  readonly image: string;
  /** ISO 8601: whoever finds the namespace after this may delete it. */
  readonly expires: string;
}

const OWNER = { 'app.kubernetes.io/managed-by': 'drover' };
export const PROBE_PORT = 8080;
/** Host network probes must not take a port that something on a node may want. */
export const HOST_PROBE_PORT = 28_080;

export const namespaceObject = ({ namespace, expires }: ProbeNames): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: namespace,
    labels: { ...OWNER, 'pod-security.kubernetes.io/enforce': 'privileged' },
    annotations: { 'drover.dev/expires': expires },
  },
});

const serve = (port: number): string =>
  `mkdir -p /tmp/www && printf '%s' "$NODE" > /tmp/www/node && head -c 65536 /dev/zero > /tmp/www/large && exec httpd -f -p ${port} -h /tmp/www`;

const podObject = (
  names: ProbeNames,
  node: string,
  given: { readonly name: string; readonly host: boolean; readonly claim?: string },
): KubeObject => {
  const port = given.host ? HOST_PROBE_PORT : PROBE_PORT;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: given.name,
      namespace: names.namespace,
      labels: {
        ...OWNER,
        'drover.dev/probe': given.claim !== undefined ? 'volume' : given.host ? 'host' : 'pod',
      },
    },
    spec: {
      // A volume that waits for its first consumer is bound by the scheduler; the others need none.
      ...(given.claim === undefined
        ? { nodeName: node }
        : { nodeSelector: { 'kubernetes.io/hostname': node } }),
      hostNetwork: given.host,
      dnsPolicy: given.host ? 'ClusterFirstWithHostNet' : 'ClusterFirst',
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'probe',
          image: names.image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', serve(port)],
          env: [{ name: 'NODE', value: node }],
          ports: given.host ? [] : [{ containerPort: port }],
          readinessProbe: { httpGet: { path: '/node', port }, periodSeconds: 1 },
          resources: { requests: { cpu: '1m', memory: '8Mi' }, limits: { memory: '64Mi' } },
          ...(given.claim === undefined ? {} : { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
        },
      ],
      ...(given.claim === undefined
        ? {}
        : { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: given.claim } }] }),
    },
  };
};

/** One pod on the cluster network and one on the host network of every node. */
export const probePods = (names: ProbeNames, nodes: readonly string[]): KubeObject[] =>
  nodes.flatMap((node, index) => [
    podObject(names, node, { name: `pod-${index}`, host: false }),
    podObject(names, node, { name: `host-${index}`, host: true }),
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

export const volumePod = (names: ProbeNames, node: string): KubeObject =>
  podObject(names, node, { name: 'volume', host: false, claim: 'volume' });

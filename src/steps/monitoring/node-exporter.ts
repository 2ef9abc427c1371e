import { type ObjectSet, objectSet } from '../sets/object-set.js';
import { imageOf } from './images.js';
import type { MonitoringInput } from './input.js';
import {
  accountWithoutRights,
  metaOf,
  probesOn,
  selectorOf,
  templateOf,
  unprivileged,
  unprivilegedPod,
} from './objects.js';

type Fields = Readonly<Record<string, unknown>>;

const ROOT = '/host/root';

/** Mounts of containers and volumes: many, short-lived, and shown elsewhere. */
const NO_DISKS =
  '^/(dev|proc|sys|run/.+|var/lib/docker/.+|var/lib/containerd/.+|var/lib/kubelet/.+|var/lib/rancher/k3s/agent/containerd/.+)($|/)';
const NO_DEVICES = '^(veth.*|cali.*|lxc.*|cni.*)$';

const container = (image: string, port: number): Fields => ({
  name: 'node-exporter',
  image,
  args: [
    // The node's address in the cluster, never a public one.
    `--web.listen-address=[$(HOST_IP)]:${port}`,
    `--path.rootfs=${ROOT}`,
    `--path.procfs=${ROOT}/proc`,
    `--path.sysfs=${ROOT}/sys`,
    `--collector.filesystem.mount-points-exclude=${NO_DISKS}`,
    `--collector.netclass.ignored-devices=${NO_DEVICES}`,
    `--collector.netdev.device-exclude=${NO_DEVICES}`,
    '--no-collector.wifi',
    '--no-collector.btrfs',
    '--no-collector.infiniband',
  ],
  env: [{ name: 'HOST_IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.hostIP' } } }],
  ports: [{ name: 'http', containerPort: port, hostPort: port, protocol: 'TCP' }],
  ...probesOn('/', '/'),
  resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  securityContext: unprivileged,
  volumeMounts: [{ name: 'root', mountPath: ROOT, readOnly: true, mountPropagation: 'HostToContainer' }],
});

/** One on every node, on the node's own network: it shows the machine, not the pod. */
export const nodeExporterSet = ({ cluster: { spec } }: MonitoringInput): ObjectSet => {
  const part = { name: 'node-exporter', namespace: spec.monitoring.namespace };
  const { fsGroup: _, ...nobody } = unprivilegedPod;
  return objectSet('monitoring/node-exporter', [
    accountWithoutRights(part),
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metaOf(part.name, part.namespace),
      spec: {
        selector: { matchLabels: selectorOf(part.name) },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '20%', maxSurge: 0 } },
        template: templateOf(part, {
          serviceAccountName: part.name,
          automountServiceAccountToken: false,
          hostNetwork: true,
          hostPID: true,
          // A full disk or a lost network is when it is needed most.
          tolerations: [{ operator: 'Exists' }],
          priorityClassName: 'system-node-critical',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          securityContext: nobody,
          containers: [
            container(imageOf(spec.monitoring, 'node-exporter'), spec.monitoring.nodeExporter.port),
          ],
          volumes: [{ name: 'root', hostPath: { path: '/', type: 'Directory' } }],
        }),
      },
    },
  ]);
};

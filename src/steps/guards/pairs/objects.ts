import type { KubeObject } from '../../../core/ports/kube.js';
import { agentProgram } from './programs.js';

/** Namespaces of this guard, and its folders on hosts, begin with this. */
export const NAME_PREFIX = 'drover-guard-';
const MANAGED_BY = 'app.kubernetes.io/managed-by';
/** Finds the namespaces that Drover made, whatever run did. */
export const OWNER_SELECTOR = `${MANAGED_BY}=drover`;
const OWNER = { [MANAGED_BY]: 'drover' };
const KIND = 'drover.dev/guard';
const PORT = 8080;
/** Of its own, so that a prober knows whether anybody still comes by the Service. */
const SERVICE_PORT = 8081;

export interface GuardObjects {
  readonly namespace: string;
  readonly run: string;
  readonly image: string;
  /** ISO 8601: whoever finds the namespace after this may delete it. */
  readonly expires: string;
  /** Folder of the hosts in which the probers keep their records. */
  readonly folder: string;
}

export interface ProberSettings {
  readonly everyMs: number;
  /** ClusterIP of the probers themselves. */
  readonly service: string;
  readonly dns: string;
  readonly dnsName: string;
  /** `HOST:PORT`; empty = nothing outside is asked. */
  readonly out: string;
}

export const namespaceObject = ({ namespace, run, expires }: GuardObjects): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: namespace,
    labels: { ...OWNER, 'drover.dev/run': run, 'pod-security.kubernetes.io/enforce': 'privileged' },
    annotations: { 'drover.dev/expires': expires },
  },
});

export const serviceObject = ({ namespace }: GuardObjects): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'probers', namespace, labels: OWNER },
  spec: { selector: { [KIND]: 'pod' }, ports: [{ port: 80, targetPort: SERVICE_PORT }] },
});

// The host's own perl, of its /usr alone: the whole root would hold on to mounts that others want to be rid of.
const START = [
  'cd /host',
  'for name in bin sbin lib lib64; do ln -sfn usr/$name $name; done',
  // A program that is given by word is read from there, says perl, before it looks at the words.
  'mkdir -p dev; : >dev/null',
  '[ -x usr/bin/perl ] || { echo "the host has no perl"; exec sleep 86400; }',
  'exec chroot /host /usr/bin/perl -e "$PROBER"',
].join('; ');

const envOf = (kind: 'pod' | 'host', settings: ProberSettings): object[] => [
  // Kubernetes takes `$$` in values for one of them.
  { name: 'PROBER', value: agentProgram().split('$').join('$$') },
  { name: 'KIND', value: kind },
  { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  { name: 'ADDRESS', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  { name: 'EVERY', value: String(settings.everyMs) },
  { name: 'PORT', value: String(PORT) },
  { name: 'SERVICE_PORT', value: String(SERVICE_PORT) },
  { name: 'SERVICE', value: settings.service },
  { name: 'DNS', value: settings.dns },
  { name: 'DNS_NAME', value: settings.dnsName },
  { name: 'OUT', value: settings.out },
];

const podSpec = (
  kind: 'pod' | 'host',
  { image, folder }: GuardObjects,
  settings: ProberSettings,
): object => ({
  hostNetwork: kind === 'host',
  // More than the prober takes to say farewell.
  terminationGracePeriodSeconds: 8,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  tolerations: [{ operator: 'Exists' }],
  securityContext: { seLinuxOptions: { type: 'spc_t' } },
  containers: [
    {
      name: 'prober',
      image,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', START],
      env: envOf(kind, settings),
      resources: { requests: { cpu: '1m', memory: '16Mi' }, limits: { memory: '64Mi' } },
      volumeMounts: [
        { name: 'usr', mountPath: '/host/usr', readOnly: true },
        { name: 'record', mountPath: '/host/record' },
      ],
    },
  ],
  volumes: [
    { name: 'usr', hostPath: { path: '/usr', type: 'Directory' } },
    { name: 'record', hostPath: { path: folder, type: 'DirectoryOrCreate' } },
  ],
});

/**
 * The probers of all nodes: `pod` on the cluster network, `host` on the hosts' own. A DaemonSet brings them back when a step
 * recreates the pods of a node, at whatever address they get, as it does with everybody's pods.
 */
export const proberSet = (
  kind: 'pod' | 'host',
  objects: GuardObjects,
  settings: ProberSettings,
): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: kind, namespace: objects.namespace, labels: OWNER },
  spec: {
    selector: { matchLabels: { [KIND]: kind } },
    updateStrategy: { type: 'OnDelete' },
    template: {
      metadata: { labels: { ...OWNER, [KIND]: kind } },
      spec: podSpec(kind, objects, settings),
    },
  },
});

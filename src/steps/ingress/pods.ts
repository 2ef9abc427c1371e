import { digest } from '../../core/canonical.js';
import type { KubeObject } from '../../core/ports/kube.js';
import type { Cluster } from '../../spec/cluster.js';

export type IngressSpec = Cluster['spec']['ingress'];

/** What the pods of an ingress controller are made of, whichever it is. */
export interface Controller {
  /** Namespace of everything that belongs to it. */
  readonly namespace: string;
  /** Name of its workload, account and Service. */
  readonly name: string;
  /** `spec.controller` of its IngressClass. */
  readonly of: string;
  readonly image: string;
  readonly arguments: readonly string[];
  readonly container: Readonly<Record<string, unknown>>;
  readonly volumes: readonly object[];
  readonly rules: readonly object[];
}

const RBAC = 'rbac.authorization.k8s.io';

export const labelsOf = (name: string) => ({ 'app.kubernetes.io/name': name });

export const className = ({ className: given, controller }: IngressSpec): string => given ?? controller;

const portsOf = ({ ports, hostNetwork }: IngressSpec): readonly object[] =>
  Object.entries(ports).map(([name, port]) => ({
    name,
    containerPort: port,
    protocol: 'TCP',
    // The scheduler keeps two pods with one host port apart.
    ...(hostNetwork ? { hostPort: port } : {}),
  }));

const probe = ({ ports, healthPath }: IngressSpec, more: object): object => ({
  httpGet: { path: healthPath, port: ports.health, scheme: 'HTTP' },
  timeoutSeconds: 3,
  ...more,
});

const podSpec = (spec: IngressSpec, controller: Controller): object => ({
  serviceAccountName: controller.name,
  // Every node of the balancer needs one, servers too.
  tolerations: [{ operator: 'Exists' }],
  priorityClassName: 'system-cluster-critical',
  terminationGracePeriodSeconds: 30,
  ...(spec.hostNetwork ? { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } : {}),
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  containers: [
    {
      name: 'controller',
      image: controller.image,
      imagePullPolicy: 'IfNotPresent',
      args: [...controller.arguments, ...spec.arguments],
      ports: portsOf(spec),
      readinessProbe: probe(spec, { periodSeconds: 5, failureThreshold: 2 }),
      livenessProbe: probe(spec, { periodSeconds: 10, failureThreshold: 5, initialDelaySeconds: 10 }),
      resources: { requests: { cpu: '50m', memory: '64Mi' } },
      ...controller.container,
    },
  ],
  ...(controller.volumes.length === 0 ? {} : { volumes: controller.volumes }),
});

/** Two pods of a Deployment outlive the loss of one node. */
const REPLICAS = 2;

/**
 * A controller is ready as soon as it listens; the routes come moments later, and until then it answers 404. So the next node
 * waits this long.
 */
const SETTLED_SECONDS = 3;

/** A node without its pod refuses connections, so never more than one pod is away; and no two share one host port. */
const workload = (spec: IngressSpec, controller: Controller, settings: readonly KubeObject[]): KubeObject => {
  const rolling = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } };
  const labels = labelsOf(controller.name);
  const shared = {
    minReadySeconds: SETTLED_SECONDS,
    selector: { matchLabels: labels },
    template: {
      // Pods read their settings when they start: other settings mean other pods.
      metadata: { labels, annotations: { 'drover.dev/settings': digest(settings).slice(0, 16) } },
      spec: podSpec(spec, controller),
    },
  };
  return {
    apiVersion: 'apps/v1',
    kind: spec.kind,
    metadata: { name: controller.name, namespace: controller.namespace, labels },
    spec:
      spec.kind === 'DaemonSet'
        ? { ...shared, updateStrategy: rolling }
        : { ...shared, replicas: REPLICAS, strategy: rolling },
  };
};

/** Off the hosts' own network a balancer or K3s' own leads to the pods. */
const service = (
  { hostNetwork, ports }: IngressSpec,
  { name, namespace }: Controller,
): readonly KubeObject[] =>
  hostNetwork
    ? []
    : [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name, namespace, labels: labelsOf(name) },
          spec: {
            type: 'LoadBalancer',
            externalTrafficPolicy: 'Local',
            selector: labelsOf(name),
            ports: [
              { name: 'http', port: ports.http, targetPort: 'http', protocol: 'TCP' },
              { name: 'https', port: ports.https, targetPort: 'https', protocol: 'TCP' },
            ],
          },
        },
      ];

/** All objects of an ingress controller, in their order. */
export const controllerObjects = (
  spec: IngressSpec,
  controller: Controller,
  settings: readonly KubeObject[],
): readonly KubeObject[] => {
  const { name, namespace } = controller;
  const labels = labelsOf(name);
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: {
        name: className(spec),
        labels,
        annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
      },
      spec: { controller: controller.of },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } },
    ...settings,
    { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name, labels }, rules: controller.rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
    ...service(spec, controller),
    workload(spec, controller, settings),
  ];
};

import type { KubeObject } from '../../core/ports/kube.js';
import { type Controller, className, type IngressSpec, labelsOf } from './pods.js';

/** The last release before the project was archived on 24 March 2026. */
const NGINX_VERSION = '1.15.1';

const NAMESPACE = 'ingress-nginx';
const NAME = 'ingress-nginx-controller';
const CONTROLLER = 'k8s.io/ingress-nginx';

const argumentsOf = (spec: IngressSpec): readonly string[] => {
  const { http, https, health } = spec.ports;
  return [
    '/nginx-ingress-controller',
    `--election-id=${NAME}`,
    `--controller-class=${CONTROLLER}`,
    `--ingress-class=${className(spec)}`,
    '--configmap=$(POD_NAMESPACE)/ingress-nginx-controller',
    `--http-port=${http}`,
    `--https-port=${https}`,
    `--healthz-port=${health}`,
    `--health-check-path=${spec.healthPath}`,
    ...(spec.hostNetwork
      ? ['--report-node-internal-ip-address=true']
      : [`--publish-service=$(POD_NAMESPACE)/${NAME}`]),
    ...(spec.certificate === undefined
      ? []
      : [`--default-ssl-certificate=$(POD_NAMESPACE)/${spec.certificate.secret}`]),
  ];
};

const fromField = (name: string, fieldPath: string): object => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});

const READ = ['get', 'list', 'watch'];
const RULES = [
  {
    apiGroups: [''],
    resources: ['configmaps', 'endpoints', 'nodes', 'pods', 'secrets', 'namespaces'],
    verbs: READ,
  },
  { apiGroups: [''], resources: ['services'], verbs: READ },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: [...READ, 'create', 'update'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: READ },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
];

/** ingress-nginx as the ingress of every node: without its admission webhook, whose certificates a Job would have to make. */
export const nginx = (
  spec: IngressSpec,
): { readonly controller: Controller; readonly settings: readonly KubeObject[] } => ({
  controller: {
    namespace: NAMESPACE,
    name: NAME,
    of: CONTROLLER,
    image: `registry.k8s.io/ingress-nginx/controller:v${spec.version ?? NGINX_VERSION}`,
    arguments: argumentsOf(spec),
    container: {
      env: [fromField('POD_NAME', 'metadata.name'), fromField('POD_NAMESPACE', 'metadata.namespace')],
      // Its program has the capability as a file attribute, which the account may only use when it may gain it.
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 101,
        runAsGroup: 82,
        allowPrivilegeEscalation: true,
        capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
      },
    },
    volumes: [],
    rules: RULES,
  },
  settings: [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: NAME, namespace: NAMESPACE, labels: labelsOf(NAME) },
      data: { 'allow-snippet-annotations': 'false' },
    },
  ],
});

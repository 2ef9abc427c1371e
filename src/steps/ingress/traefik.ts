import type { KubeObject } from '../../core/ports/kube.js';
import { type Controller, className, type IngressSpec, labelsOf } from './pods.js';

/** The version that the lab runs; a test compares them. */
export const TRAEFIK_VERSION = '3.6.12';

const NAME = 'traefik';
const SETTINGS = 'traefik-settings';
const FOLDER = '/etc/drover';
const CERTIFICATES = '/etc/drover-certificate';

/** Waiting for requests that are under way must end before the kubelet kills. */
const GRACE = '10s';

/** `tls.crt` stands beside `tls.key`; any other key holds certificate and key in one. */
const certificateFiles = (key: string): { readonly certFile: string; readonly keyFile: string } => ({
  certFile: `${CERTIFICATES}/${key}`,
  keyFile: `${CERTIFICATES}/${key === 'tls.crt' ? 'tls.key' : key}`,
});

/** Traefik answers its health check on /ping alone, unless a route of one's own leads there. */
const settingsOf = ({ healthPath, certificate }: IngressSpec): object => ({
  http: {
    routers: {
      health: { rule: `Path(\`${healthPath}\`)`, entryPoints: ['health'], service: 'ping@internal' },
    },
  },
  ...(certificate === undefined
    ? {}
    : { tls: { stores: { default: { defaultCertificate: certificateFiles(certificate.key) } } } }),
});

const argumentsOf = (spec: IngressSpec): readonly string[] => {
  const { http, https, health } = spec.ports;
  return [
    '--global.checknewversion=false',
    '--global.sendanonymoususage=false',
    `--entrypoints.web.address=:${http}`,
    `--entrypoints.web.transport.lifecycle.gracetimeout=${GRACE}`,
    `--entrypoints.websecure.address=:${https}`,
    `--entrypoints.websecure.transport.lifecycle.gracetimeout=${GRACE}`,
    '--entrypoints.websecure.http.tls=true',
    `--entrypoints.health.address=:${health}`,
    '--ping=true',
    '--ping.manualrouting=true',
    '--metrics.prometheus=true',
    '--metrics.prometheus.entrypoint=health',
    `--providers.file.filename=${FOLDER}/traefik.yaml`,
    '--providers.file.watch=false',
    '--providers.kubernetesingress=true',
    `--providers.kubernetesingress.ingressclass=${className(spec)}`,
    '--log.level=INFO',
  ];
};

const RULES = [
  { apiGroups: [''], resources: ['services', 'secrets', 'nodes'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  {
    apiGroups: ['networking.k8s.io'],
    resources: ['ingresses', 'ingressclasses'],
    verbs: ['get', 'list', 'watch'],
  },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
];

/** Traefik as the ingress of every node. */
export const traefik = (
  spec: IngressSpec,
): { readonly controller: Controller; readonly settings: readonly KubeObject[] } => ({
  controller: {
    namespace: NAME,
    name: NAME,
    of: 'traefik.io/ingress-controller',
    image: `docker.io/rancher/mirrored-library-traefik:${spec.version ?? TRAEFIK_VERSION}`,
    arguments: argumentsOf(spec),
    container: {
      // Ports below 1024 on the host's own network need the capability, and only root has capabilities.
      securityContext: {
        runAsUser: 0,
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
      },
      volumeMounts: [
        { name: 'settings', mountPath: FOLDER, readOnly: true },
        ...(spec.certificate === undefined
          ? []
          : [{ name: 'certificate', mountPath: CERTIFICATES, readOnly: true }]),
      ],
    },
    volumes: [
      { name: 'settings', configMap: { name: SETTINGS } },
      ...(spec.certificate === undefined
        ? []
        : [{ name: 'certificate', secret: { secretName: spec.certificate.secret } }]),
    ],
    rules: RULES,
  },
  settings: [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: SETTINGS, namespace: NAME, labels: labelsOf(NAME) },
      data: { 'traefik.yaml': JSON.stringify(settingsOf(spec), null, 2) },
    },
  ],
});

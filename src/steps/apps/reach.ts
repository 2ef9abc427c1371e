import type { KubeObject } from '../../core/ports/kube.js';
import type { Cluster } from '../../spec/cluster.js';
import { type Application, metaOf, selectorOf } from './input.js';

/** cert-manager makes a certificate where one of these stands. */
const ISSUERS = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'];

/** The Service of an application that listens. */
export const serviceOf = (application: Application): readonly KubeObject[] =>
  application.ports.length === 0
    ? []
    : [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: metaOf(application),
          spec: {
            type: 'ClusterIP',
            selector: selectorOf(application),
            ports: application.ports.map(({ name, port, protocol }) => ({
              name,
              port,
              targetPort: name,
              protocol,
            })),
          },
        },
      ];

export const classOf = ({ ingress }: Cluster['spec']): string => ingress.className ?? ingress.controller;

/** The Secret with the certificate of an ingress; undefined = the controller's own certificate. */
export const certificateSecret = ({ name, ingress }: Application): string | undefined => {
  if (ingress === undefined) return undefined;
  if (typeof ingress.tls === 'object') return ingress.tls.secret;
  const issued = ISSUERS.some((key) => ingress.annotations[key] !== undefined);
  return ingress.tls && issued ? `${name}-tls` : undefined;
};

const tlsOf = (application: Application): Readonly<Record<string, unknown>> => {
  const { ingress } = application;
  if (ingress === undefined || ingress.tls === false) return {};
  const secret = certificateSecret(application);
  return { tls: [{ hosts: ingress.hosts, ...(secret === undefined ? {} : { secretName: secret }) }] };
};

/** The Ingress of an application that has host names. */
export const ingressOf = (application: Application, spec: Cluster['spec']): readonly KubeObject[] => {
  const { ingress, ports, name } = application;
  const port = ingress?.port ?? ports[0]?.name;
  if (ingress === undefined || port === undefined) return [];
  const backend = { service: { name, port: typeof port === 'number' ? { number: port } : { name: port } } };
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: metaOf(application, name, ingress.annotations),
      spec: {
        ingressClassName: classOf(spec),
        rules: ingress.hosts.map((host) => ({
          host,
          http: { paths: [{ path: ingress.path, pathType: 'Prefix', backend }] },
        })),
        ...tlsOf(application),
      },
    },
  ];
};

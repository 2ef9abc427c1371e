import type { Cluster } from '../../spec/cluster.js';
import { type ObjectSet, objectSet } from '../sets/object-set.js';
import { nginx } from './nginx.js';
import { controllerObjects } from './pods.js';
import { traefik } from './traefik.js';

export const ingressSetName = ({ spec }: { readonly spec: Pick<Cluster['spec'], 'ingress'> }): string =>
  `ingress/${spec.ingress.controller}`;

/**
 * The ingress controller of a cluster as objects; undefined when the spec wants none. They are Drover's own manifests,
 * not the projects' charts: both charts are made for a Service in front and need a page of values to listen on the
 * nodes' own ports, the one of ingress-nginx gets no fixes any more, and what matters here (one pod per node, one
 * restart at a time, the health check on the port and path that balancers ask) is a dozen fields that tests can see.
 * `standIn`: a lab has no image of ingress-nginx, so Traefik serves its class there.
 */
export const ingressSet = (
  { spec: { ingress } }: Pick<Cluster, 'spec'>,
  { standIn }: { readonly standIn: boolean },
): ObjectSet | undefined => {
  if (ingress.controller === 'none') return undefined;
  const traefikServes = ingress.controller === 'traefik' || standIn;
  // A version of ingress-nginx says nothing about what stands in for it.
  const wanted =
    traefikServes && ingress.controller === 'nginx'
      ? { ...ingress, version: undefined, arguments: [] }
      : ingress;
  const { controller, settings } = traefikServes ? traefik(wanted) : nginx(wanted);
  return objectSet(ingressSetName({ spec: { ingress } }), controllerObjects(wanted, controller, settings));
};

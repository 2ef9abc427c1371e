import type { KubeObject } from '../../core/ports/kube.js';
import { serviceNamespaces } from '../../spec/service-address.js';
import { type ObjectSet, objectSet } from '../sets/object-set.js';
import { vaultConfigOf, vaultPodOf } from '../vault/pod.js';
import { claimsOf } from './claims.js';
import { deploymentOf, serviceAccountOf } from './deployment.js';
import { type Application, type AppsInput, enabledApps } from './input.js';
import { networkPolicyOf } from './network-policy.js';
import { outsideObjects } from './outside.js';
import { ingressOf, serviceOf } from './reach.js';
import { autoscalerOf, budgetOf } from './scaling.js';
import { standInFor, standInInput } from './stand-in.js';

export const namespaceSetName = (namespace: string): string => `namespace/${namespace}`;

export const applicationSetName = ({ namespace, name }: Application): string =>
  `application/${namespace}/${name}`;

/** These are there from the beginning, and belong to the cluster. */
const isBuiltIn = (namespace: string): boolean => namespace === 'default' || namespace.startsWith('kube-');

const namespaceObject = (namespace: string): readonly KubeObject[] =>
  isBuiltIn(namespace)
    ? []
    : [
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: namespace, labels: { 'app.kubernetes.io/managed-by': 'drover' } },
        },
      ];

/** Namespaces that applications share, those that get names of services outside, and those of monitoring and Vault's reviewer. */
const namespacesOf = (cluster: AppsInput['cluster']): readonly string[] => {
  const { vault, monitoring } = cluster.spec;
  const all = [
    ...(monitoring.enabled ? [monitoring.namespace] : []),
    ...(vault === undefined ? [] : [vault.auth.reviewer.namespace]),
    ...enabledApps(cluster).map(({ namespace }) => namespace),
    ...cluster.spec.externalServices.flatMap((service) => serviceNamespaces(cluster.spec, service)),
  ];
  return [...new Set(all)].sort();
};

/** What the applications of a namespace share: itself, and the names of services outside that they call. */
export const namespaceSet = ({ cluster }: Pick<AppsInput, 'cluster'>, namespace: string): ObjectSet => {
  const outside = cluster.spec.externalServices
    .filter((service) => serviceNamespaces(cluster.spec, service).includes(namespace))
    .flatMap((service) => outsideObjects(cluster, service, namespace));
  return objectSet(namespaceSetName(namespace), [...namespaceObject(namespace), ...outside]);
};

/** A set for each namespace that applications run in, or that gets names of services outside. */
export const namespaceSets = ({ cluster }: Pick<AppsInput, 'cluster'>): readonly ObjectSet[] =>
  namespacesOf(cluster).map((namespace) => namespaceSet({ cluster }, namespace));

const objectsOf = (given: Application, real: AppsInput): readonly KubeObject[] => {
  const input = standInInput(real);
  const application = standInFor(given, input);
  return [
    serviceAccountOf(application),
    ...claimsOf(application),
    ...vaultConfigOf(application, input),
    networkPolicyOf(application, input),
    ...serviceOf(application),
    deploymentOf(application, vaultPodOf(application, input)),
    ...autoscalerOf(application),
    ...budgetOf(application),
    ...ingressOf(application, input.cluster.spec),
  ];
};

/** Every enabled application as objects, one set each. Pure. */
export const applicationSets = (input: AppsInput): readonly ObjectSet[] =>
  enabledApps(input.cluster).map((application) =>
    objectSet(applicationSetName(application), objectsOf(application, input)),
  );

import type { Gate } from '../../../bundle/model/gate.js';
import { ok, type Result } from '../../../core/result.js';
import type { StepFailure } from '../../failure.js';
import type { Wave } from '../wave.js';
import { type Awaited, awaitObjects, type Need } from './await-objects.js';
import { active, available, endpointReady, established, present, workloadReady } from './judges.js';
import { awaitServed } from './served.js';

const LIMIT_MS = 120_000;
/** Images are pulled meanwhile. */
const WORKLOAD_LIMIT_MS = 600_000;

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
const ACCOUNTS = { group: '', version: 'v1', plural: 'serviceaccounts' };
const DEFINITIONS = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' };
const API_SERVICES = { group: 'apiregistration.k8s.io', version: 'v1', plural: 'apiservices' };
const SLICES = { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices' };
const SERVICE_LABEL = 'kubernetes.io/service-name';

const PLURALS = { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets' } as const;

/** Key of the object that a gate is about. */
const keyOf = (gate: Gate): string => {
  switch (gate.kind) {
    case 'crd':
      return `CustomResourceDefinition.apiextensions.k8s.io/${gate.name}`;
    case 'namespace':
      return `Namespace/${gate.name}`;
    case 'workload':
      return `${gate.namespace}/${gate.workload}.apps/${gate.name}`;
    case 'service':
      return `${gate.namespace}/Service/${gate.name}`;
    case 'api-service':
      return `APIService.apiregistration.k8s.io/${gate.name}`;
  }
};

type Of<Kind extends Gate['kind']> = Extract<Gate, { kind: Kind }>;

const ofKind = <Kind extends Gate['kind']>(gates: readonly Gate[], kind: Kind): readonly Of<Kind>[] =>
  gates.filter((gate): gate is Of<Kind> => gate.kind === kind);

/** One watch for one object, one without a selector for many. */
const only = (names: readonly string[]) =>
  names.length === 1 ? { fieldSelector: `metadata.name=${names[0] ?? ''}` } : {};

const byName = (
  resource: Awaited['resource'],
  names: readonly string[],
  need: (name: string) => Need,
): readonly Awaited[] =>
  names.length === 0
    ? []
    : [
        {
          resource,
          ...only(names),
          needOf: ({ metadata }) => metadata.name,
          needs: new Map(names.map((name) => [name, need(name)])),
          limitMs: LIMIT_MS,
        },
      ];

/** Everything that gates wait for, as watches. Pure. */
const awaited = (gates: readonly Gate[]): readonly Awaited[] => {
  const namespaces = ofKind(gates, 'namespace').map(({ name }) => name);
  return [
    ...byName(
      DEFINITIONS,
      ofKind(gates, 'crd').map(({ name }) => name),
      (name) => ({
        what: `the definition ${name}`,
        judge: established,
      }),
    ),
    ...byName(NAMESPACES, namespaces, (name) => ({ what: `the namespace ${name}`, judge: active })),
    ...accounts(namespaces),
    ...byName(
      API_SERVICES,
      ofKind(gates, 'api-service').map(({ name }) => name),
      (name) => ({
        what: `the APIService ${name}`,
        judge: available,
      }),
    ),
    ...ofKind(gates, 'workload').map(({ workload, namespace, name }) => ({
      resource: { group: 'apps', version: 'v1', plural: PLURALS[workload] },
      namespace,
      ...only([name]),
      needOf: () => name,
      needs: new Map([[name, { what: `${workload} ${namespace}/${name}`, judge: workloadReady[workload] }]]),
      limitMs: WORKLOAD_LIMIT_MS,
    })),
    ...ofKind(gates, 'service').map(({ namespace, name }) => ({
      resource: SLICES,
      namespace,
      labelSelector: `${SERVICE_LABEL}=${name}`,
      needOf: (slice: { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } }) =>
        slice.metadata.labels?.[SERVICE_LABEL] ?? '',
      needs: new Map([[name, { what: `an endpoint of ${namespace}/${name}`, judge: endpointReady }]]),
      limitMs: WORKLOAD_LIMIT_MS,
    })),
  ];
};

const accounts = (namespaces: readonly string[]): readonly Awaited[] =>
  namespaces.length === 0
    ? []
    : [
        {
          resource: ACCOUNTS,
          ...(namespaces.length === 1 ? { namespace: namespaces[0] ?? '' } : {}),
          fieldSelector: 'metadata.name=default',
          needOf: ({ metadata }) => metadata.namespace ?? '',
          needs: new Map(
            namespaces.map((name) => [name, { what: `the account default of ${name}`, judge: present }]),
          ),
          limitMs: LIMIT_MS,
        },
      ];

/** Gates that can be passed: what was not written is not waited for. */
const passable = ({ params, left }: Wave): readonly Gate[] =>
  params.gates.filter((gate) => !left.has(keyOf(gate)));

/** Waits until a wave may be written: all gates at once, each on its own watch. */
export const passGates = async (wave: Wave): Promise<Result<void, StepFailure>> => {
  const gates = passable(wave);
  const { kube, signal, context } = wave;
  const waiting = { kube, signal, clock: context.clock, progress: context.progress };
  const results = await Promise.all(awaited(gates).map((each) => awaitObjects(waiting, each)));
  const failed = results.find((result) => !result.ok);
  if (failed !== undefined) return failed;
  const definitions = ofKind(gates, 'crd').map(({ name }) => name);
  return definitions.length === 0 ? ok(undefined) : awaitServed(wave, definitions);
};

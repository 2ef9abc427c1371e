import type { KubeObject } from '../../../core/ports/kube.js';
import { listOf, mapOf } from '../../clean/draft.js';
import { idOf, idText } from '../../model/object-id.js';
import type { BundleFinding } from '../../model/report.js';
import type { CheckInput, TargetCheck } from '../model.js';

const isService = ({ apiVersion, kind }: KubeObject): boolean => apiVersion === 'v1' && kind === 'Service';

const nodePorts = (service: KubeObject): readonly number[] => {
  const spec = mapOf(service['spec']);
  const ports = listOf(spec['ports']).map((port) => mapOf(port)['nodePort']);
  return [...ports, spec['healthCheckNodePort']].flatMap((port) =>
    typeof port === 'number' && port > 0 ? [port] : [],
  );
};

const addresses = (service: KubeObject): readonly string[] => {
  const { clusterIP, clusterIPs } = mapOf(service['spec']);
  return [...new Set([clusterIP, ...listOf(clusterIPs)])].flatMap((address) =>
    typeof address === 'string' && address !== '' && address !== 'None' ? [address] : [],
  );
};

/** Who has what on the target, other than the carried object of the same name. */
const takenBy = (
  { target, carried }: CheckInput,
  values: (service: KubeObject) => readonly (string | number)[],
): ReadonlyMap<string | number, string> => {
  const keys = new Set(carried.objects.map(({ key }) => key));
  const services = target.lists.get('Service') ?? [];
  return new Map(
    services
      .map((service) => ({ service, key: idText(idOf(service)) }))
      .filter(({ key }) => !keys.has(key))
      .flatMap(({ service, key }) => values(service).map((value) => [value, key] as const)),
  );
};

const clashes = (
  input: CheckInput,
  code: string,
  what: string,
  values: (service: KubeObject) => readonly (string | number)[],
): readonly BundleFinding[] => {
  const taken = takenBy(input, values);
  return input.carried.objects
    .filter(({ object }) => isService(object))
    .flatMap(({ key, object }) =>
      values(object).flatMap((value): BundleFinding[] => {
        const owner = taken.get(value);
        return owner === undefined
          ? []
          : [
              {
                code,
                severity: 'error',
                object: key,
                message: `${what} ${value} belongs to ${owner} on the target`,
                hint: `take it out with a json-patch, so that the target chooses one, or free it there`,
              },
            ];
      }),
    );
};

/** Node ports and addresses that services want for themselves are free. */
export const portsFree: TargetCheck = (input) => [
  ...clashes(input, 'target-node-port', 'node port', nodePorts),
  ...clashes(input, 'target-cluster-ip', 'cluster IP', addresses),
];

/** Families of the target's Services, as its own API has them. */
const familiesOf = ({ live, lists }: CheckInput['target']): ReadonlySet<string> | undefined => {
  const api = live.get('default/Service/kubernetes');
  const families = listOf(mapOf(api?.['spec'])['ipFamilies']).map(String);
  if (families.length === 0) return undefined;
  // A second family shows in Services that have both, and in the ranges of nodes.
  const ranges = (lists.get('Node') ?? []).flatMap((node) =>
    listOf(mapOf(node['spec'])['podCIDRs']).map(String),
  );
  const seen = ranges.map((range) => (range.includes(':') ? 'IPv6' : 'IPv4'));
  return new Set([...families, ...seen]);
};

/** Services want no family of addresses that the target does not have. */
export const familiesServed: TargetCheck = ({ carried, target }) => {
  const families = familiesOf(target);
  if (families === undefined) return [];
  return carried.objects
    .filter(({ object }) => isService(object))
    .flatMap(({ key, object }): BundleFinding[] => {
      const spec = mapOf(object['spec']);
      const missing = listOf(spec['ipFamilies'])
        .map(String)
        .filter((family) => !families.has(family));
      const needsTwo = spec['ipFamilyPolicy'] === 'RequireDualStack' && families.size < 2;
      if (missing.length === 0 && !needsTwo) return [];
      return [
        {
          code: 'target-ip-family',
          severity: 'error',
          object: key,
          message: needsTwo
            ? `it requires both families of addresses, the target has ${[...families].join(' and ')}`
            : `it wants ${missing.join(' and ')}, the target has ${[...families].join(' and ')}`,
          hint: 'take ipFamilies and ipFamilyPolicy out with a json-patch',
        },
      ];
    });
};

import { addressesIn } from '../../../core/addresses-in.js';
import type { KubeObject } from '../../../core/ports/kube.js';
import type { Path } from '../../../spec/path.js';
import { containersOf } from '../pods.js';
import { definePolicyRule, type PolicyIssue } from '../rule.js';

/** Lists of what must not go through a proxy hold addresses by design. */
const NO_PROXY = /^no_proxy$/i;

/** Objects that Drover renders, whose addresses the spec holds in one place: they move with it. */
export const ADDRESSES_OF_SPEC = { 'drover.dev/addresses': 'of-spec' } as const;

const isOfSpec = ({ metadata: { annotations = {} } }: KubeObject): boolean =>
  Object.entries(ADDRESSES_OF_SPEC).every(([key, text]) => annotations[key] === text);

interface Place {
  readonly path: Path;
  readonly what: string;
  readonly text: unknown;
}

const environment = (path: Path, env: unknown): readonly Place[] =>
  Array.isArray(env)
    ? (env as { name?: unknown; value?: unknown }[]).flatMap(({ name, value }, index) =>
        typeof name === 'string' && NO_PROXY.test(name)
          ? []
          : [{ path: [...path, 'env', index, 'value'], what: `variable ${String(name)}`, text: value }],
      )
    : [];

const words = (path: Path, list: 'args' | 'command', value: unknown): readonly Place[] =>
  Array.isArray(value)
    ? value.map((text: unknown, index) => ({ path: [...path, list, index], what: list, text }))
    : [];

const placesOf = (object: KubeObject): readonly Place[] => {
  if (object.kind === 'ConfigMap') {
    const data = (object['data'] ?? {}) as Readonly<Record<string, unknown>>;
    return Object.entries(data).map(([key, text]) => ({ path: ['data', key], what: `key ${key}`, text }));
  }
  return containersOf(object).flatMap(({ path, fields }) => [
    ...environment(path, fields['env']),
    ...words(path, 'command', fields['command']),
    ...words(path, 'args', fields['args']),
  ]);
};

const issuesOf = ({ path, what, text }: Place): readonly PolicyIssue[] =>
  typeof text === 'string'
    ? addressesIn(text).map((address) => ({
        path,
        text: `${what} holds the address ${address}`,
        word: address,
      }))
    : [];

export const noHardCodedAddresses = definePolicyRule({
  code: 'no-hard-coded-addresses',
  title: 'Applications find services by variables, not by addresses',
  explain: `An address in a variable, an argument or a ConfigMap breaks on the day when the service moves: to a new machine, behind a balancer, after a
change of the cluster network. Names of Services and of DNS do not. Ranges, the loopback and \`NO_PROXY\` are left alone.`,
  fix: 'use a name: a Service, an entry of spec.externalServices, or DNS',
  check: (object) => (isOfSpec(object) ? [] : placesOf(object).flatMap(issuesOf)),
});

import { err, ok, type Result } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import { driverOf } from '../../facts/cni/drivers.js';
import { type Keeps, type Kept, residueOf } from '../../facts/cni/residue-of.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { defineStep, type Subject, type World } from '../step.js';
import { clusterRemains } from './objects.js';

type Params = Keeps;

/** What is left of networks that are not kept: by host, and in the cluster. A type alias is JSON, an interface is not. */
export type Left = {
  readonly hosts: readonly { readonly host: string; readonly things: readonly string[] }[];
  readonly cluster: readonly string[];
  /** Things of kept networks that were looked at, by host: a look that sees nothing proves nothing. */
  readonly seen: Readonly<Record<string, number>>;
};

const SHOWN = 6;

const hostLeft = (world: World, host: string, keeps: Keeps): readonly string[] | undefined => {
  const facts = world.hosts.get(host);
  const { traces, links, cni, kubernetes } = facts?.sections ?? {};
  if (facts === undefined || [traces, links, cni, kubernetes].some((section) => section?.value === undefined))
    return undefined;
  return residueOf(facts, keeps).map(({ cni: of, trace }) =>
    [`${of}: ${trace.kind} ${trace.name}`, ...(trace.detail === undefined ? [] : [`(${trace.detail})`])].join(
      ' ',
    ),
  );
};

/** Undefined when not all of it could be seen. Pure. */
export const leftOf = (world: World, { hosts }: Subject, keeps: Keeps): Left | undefined => {
  const objects = clusterRemains(world, keeps.kept);
  if (objects === undefined) return undefined;
  const found: { host: string; things: readonly string[] }[] = [];
  for (const host of hosts) {
    const things = hostLeft(world, host, keeps);
    if (things === undefined) return undefined;
    if (things.length > 0) found.push({ host, things });
  }
  return {
    hosts: found,
    cluster: [
      ...objects.annotations.map(({ cni, node, key }) => `${cni}: annotation ${key} of ${node}`),
      ...objects.definitions.map(({ cni, name }) => `${cni}: definition ${name}`),
    ],
    seen: Object.fromEntries(
      hosts.map((host) => [host, world.hosts.get(host)?.sections.traces?.value?.length ?? 0]),
    ),
  };
};

const textsOf = ({ hosts, cluster }: Left): readonly string[] => [
  ...hosts.map(({ host, things }) => `${host}: ${sentence(things, SHOWN)}`),
  ...(cluster.length === 0 ? [] : [`the cluster: ${sentence(cluster, SHOWN)}`]),
];

const keptText = (kept: readonly Kept[]): string =>
  sentence(kept.map(({ driver }) => driverOf(driver).title)) || 'any network';

const judge = (left: Left | undefined, kept: readonly Kept[]): Result<Left, StepFailure> => {
  if (left === undefined)
    return err({
      class: 'transient',
      code: 'host-not-observed',
      message: 'not every host and the cluster could be looked at',
    });
  const texts = textsOf(left);
  if (texts.length === 0) return ok(left);
  return err({
    class: 'permanent',
    code: 'cni-residue-left',
    message: `something is left of networks other than ${keptText(kept)}`,
    cause: texts.join('\n'),
  });
};

/**
 * Looks at every host and the cluster after a change: both packet filters, sets, devices, routes, rules, files,
 * annotations, definitions. Changes nothing; nothing of a former network may be left.
 */
export const cniAudit = defineStep<Params, Left>({
  id: 'cni.audit',
  title: ({ kept }) => `Prove that nothing is left but ${keptText(kept)}`,
  scope: 'cluster',
  reads: ['cluster', 'traces', 'links', 'routes', 'cni', 'kubernetes'],
  risk: 'none',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 3 },
  timeoutMs: 120_000,
  retry: 'transient',
  disruptive: false,
  observe: leftOf,
  diff: (state) => {
    if (state === undefined) return [{ kind: 'unknown', what: 'what networks left' }];
    return textsOf(state).map((what): Change => ({ kind: 'warn', what: `left: ${what}` }));
  },
  // Nothing is removed here: whatever is left stands against the proof.
  apply: (_context, { kept }, state) => {
    const judged = judge(state, kept);
    return Promise.resolve(judged.ok ? ok({}) : judged);
  },
  verify: ({ world, subject }, params) => {
    const { kept } = params;
    const judged = judge(leftOf(world, subject, params), kept);
    if (!judged.ok) return Promise.resolve(judged);
    const { seen } = judged.value;
    const traces = Object.values(seen).reduce((sum, each) => sum + each, 0);
    return Promise.resolve(
      ok({
        text: `${count(subject.hosts.length, 'host')} and the cluster have nothing but ${keptText(kept)} (${traces} things looked at)`,
        data: seen,
      }),
    );
  },
  revert: () => Promise.resolve(ok(undefined)),
});

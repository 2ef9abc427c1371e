import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { count, sentence } from '../../core/text.js';
import type { CniName } from '../../facts/cni/driver.js';
import type { Kept } from '../../facts/cni/residue-of.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { notHeld } from '../outcome.js';
import { type ApplyContext, defineStep } from '../step.js';
import { annotate, freeObjects, makeAgain, removeDefinitions } from './change-objects.js';
import { DEFINITIONS, exportNetworks, type NetworkExport, NODES } from './export-objects.js';
import { exportFolder } from './exports.js';
import { type ClusterRemains, clusterRemains } from './objects.js';

type Params = { readonly kept: readonly Kept[] };

const SHOWN = 6;

/** Where the export lies on every server of the cluster, for root alone. */
const exportPath = (run: string): string => `${exportFolder(run)}/cni.json`;

const linesOf = ({ annotations, definitions }: ClusterRemains): Change[] => {
  const networks = [...new Set([...annotations, ...definitions].map(({ cni }) => cni))].sort();
  return networks.flatMap((cni: CniName): Change[] => {
    const keys = annotations.filter((one) => one.cni === cni);
    const kinds = definitions.filter((one) => one.cni === cni).map(({ name }) => name);
    const nodes = new Set(keys.map(({ node }) => node)).size;
    return [
      ...(keys.length === 0
        ? []
        : [
            {
              kind: 'remove' as const,
              what: `${cni}: annotations of ${count(nodes, 'node')}`,
              before: sentence([...new Set(keys.map(({ key }) => key))], SHOWN),
            },
          ]),
      ...(kinds.length === 0
        ? []
        : [
            {
              kind: 'remove' as const,
              what: `${cni}: ${count(kinds.length, 'definition')} with all their objects, exported before`,
              before: sentence(kinds, SHOWN),
            },
          ]),
    ];
  });
};

const storedExport = async (context: ApplyContext, run: string): Promise<NetworkExport | undefined> => {
  for (const host of context.subject.hosts) {
    const seen = await context.on(host).read(`cat ${shellQuote(exportPath(run))} 2>/dev/null || true`);
    if (seen.ok && seen.value.stdout !== '') return JSON.parse(seen.value.stdout) as NetworkExport;
  }
  return undefined;
};

/** What an earlier attempt exported counts: it saw more. */
const keepExport = async (
  context: ApplyContext,
  kube: Kube,
  remains: ClusterRemains,
): Promise<Result<NetworkExport, StepFailure>> => {
  const before = await storedExport(context, context.run);
  if (before !== undefined) return ok(before);
  const exported = await exportNetworks(kube, remains, context.signal);
  if (!exported.ok) return exported;
  const content = `${JSON.stringify(exported.value)}\n`;
  for (const host of context.subject.hosts) {
    const written = await context.on(host).files([{ path: exportPath(context.run), content, mode: '0600' }]);
    if (!written.ok) return written;
  }
  return exported;
};

/** Removes from a cluster what unused networks have there: annotations first, definitions last, all exported before. */
export const cniCleanObjects = defineStep<Params, ClusterRemains>({
  id: 'cni.clean-objects',
  title: () => 'Remove objects of unused cluster networks',
  scope: 'cluster',
  reads: ['cluster'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 5 },
  timeoutMs: 400_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, _subject, { kept }) => clusterRemains(world, kept),
  diff: (state) =>
    state === undefined ? [{ kind: 'unknown', what: 'objects of cluster networks' }] : linesOf(state),
  apply: async (context, _params, state) => {
    if (state === undefined) return notHeld('the cluster', 'its API was not there to ask');
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const exported = await keepExport(context, kube.value, state);
    if (!exported.ok) return exported;
    const gone = state.annotations.map(({ node, key }) => ({ node, key, value: null }));
    const annotations = await annotate(context, kube.value, gone);
    if (!annotations.ok) return annotations;
    const freed = await freeObjects(context, kube.value, exported.value);
    if (!freed.ok) return freed;
    const removed = await removeDefinitions(context, kube.value, exported.value);
    return removed.ok ? ok({}) : removed;
  },
  verify: async (context, { kept }) => {
    const remains = clusterRemains(context.world, kept);
    const kube = await context.kube();
    if (!kube.ok) return kube;
    for (const { name } of remains?.definitions ?? []) {
      const seen = await kube.value.get({ resource: DEFINITIONS, name }, { signal: context.signal });
      if (seen.ok) return notHeld('the cluster', `the definition ${name} is there`);
      if (seen.error.kind !== 'not-found') return err(failureOfKube(seen.error, `cannot look for ${name}`));
    }
    for (const { node, key } of remains?.annotations ?? []) {
      const seen = await kube.value.get({ resource: NODES, name: node }, { signal: context.signal });
      if (seen.ok && seen.value.metadata.annotations?.[key] !== undefined)
        return notHeld('the cluster', `the node ${node} has the annotation ${key}`);
    }
    return ok({ text: 'no object of an unused cluster network' });
  },
  revert: async (context) => {
    const exported = await storedExport(context, context.takesBack?.run ?? context.run);
    if (exported === undefined) return ok(undefined);
    const kube = await context.kube();
    return kube.ok ? makeAgain(context, kube.value, exported) : kube;
  },
});

import { cidrHasAddress } from '../../core/cidr.js';
import { ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { driverOf } from '../../facts/cni/drivers.js';
import type { Kept } from '../../facts/cni/residue-of.js';
import type { StepFailure } from '../failure.js';
import { mustSucceed } from '../outcome.js';
import { type ApplyContext, defineStep } from '../step.js';
import { bareStore } from './bare-pods.js';
import { annotate } from './change-objects.js';
import { cniClean } from './clean.js';
import { K3S_CONF_DIR } from './networks/flannel-k3s.js';
import { clusterRemains } from './objects.js';
import { confs } from './recipes.js';
import { recreatePods } from './recreate.js';

type Params = {
  /** The network that runs before the change. */
  readonly kept: readonly Kept[];
  /** What pods of the second network have addresses of. */
  readonly pool: string;
  /** How long pods may take to come back. */
  readonly limitSeconds: number;
};

/** Something to be put back. A type alias is JSON, an interface is not. */
type State = { readonly noted: true };

/**
 * A change in one window ends the former network before pods leave it: on the way back it is there again only now, and pods
 * are still in the second one. Where nodes went back one after another nothing is left to do.
 */
const recreated = async (
  context: ApplyContext,
  { pool, limitSeconds }: Params,
): Promise<Result<unknown, StepFailure>> => {
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const { clock, progress, signal, subject } = context;
  const bare = bareStore(context);
  const stale = (address: string): boolean => cidrHasAddress(pool, address);
  const limitMs = limitSeconds * 1000;
  const node = subject.host ?? '';
  return recreatePods({ kube: kube.value, clock, progress, signal, bare }, { node, stale, limitMs });
};

/** Devices of pods that have just been recreated went after the host was looked at. */
const stillUsed = async (
  context: ApplyContext,
  devices: readonly string[],
): Promise<Result<readonly string[], StepFailure>> => {
  if (devices.length === 0) return ok([]);
  const host = context.subject.host ?? '';
  const script = `cd /sys/class/net && ls -d ${devices.map(shellQuote).join(' ')} 2>/dev/null || true`;
  const seen = mustSucceed(host, 'look at devices of pods', await context.on(host).read(script));
  return seen.ok ? ok(seen.value.stdout.split('\n').filter(Boolean)) : seen;
};

/** What the second network left goes, once no pod uses it. */
const cleaned = async (
  context: ApplyContext,
  kept: readonly Kept[],
): Promise<Result<unknown, StepFailure>> => {
  const remains = cniClean.observe(context.world, context.subject, { kept });
  if (remains === undefined) return cniClean.apply(context, { kept }, remains);
  if (remains.things.length === 0) return ok(undefined);
  const pods = await stillUsed(context, remains.pods);
  return pods.ok ? cniClean.apply(context, { kept }, { ...remains, pods: pods.value }) : pods;
};

/** Agents write on the node what it is to them, and nobody takes that away with them. */
const forgotten = async (
  context: ApplyContext,
  kept: readonly Kept[],
): Promise<Result<void, StepFailure>> => {
  const { world, subject } = context;
  const own = (clusterRemains(world, kept)?.annotations ?? []).filter(({ node }) => node === subject.host);
  if (own.length === 0) return ok(undefined);
  const kube = await context.kube();
  if (!kube.ok) return kube;
  return annotate(
    context,
    kube.value,
    own.map(({ node, key }) => ({ node, key, value: null })),
  );
};

/**
 * While Flannel was on, the network that is kept stood where K3s with Flannel looks. What put it there found nothing, so that
 * it looks as if it had been put back already.
 */
const withoutCopies = async (
  context: ApplyContext,
  kept: readonly Kept[],
): Promise<Result<void, StepFailure>> => {
  const host = context.subject.host ?? '';
  const paths = kept.flatMap(({ driver }) =>
    driver === 'flannel-k3s'
      ? []
      : [confs[driver]?.confName ?? []].flat().map((name) => shellQuote(`${K3S_CONF_DIR}/${name}`)),
  );
  if (paths.length === 0) return ok(undefined);
  const script = `for path in ${paths.join(' ')}; do [ ! -e "$path" ] || drop_file "$path" || exit 73; done`;
  const done = mustSucceed(host, 'take copies of configurations away', await context.on(host).change(script));
  return done.ok ? ok(undefined) : done;
};

/**
 * Stands before a second network comes to a host, and changes nothing. Taken back, after everything that came behind it, it
 * removes what the second network has left there, and on the node in the cluster.
 */
export const cniWayBack = defineStep<Params, State>({
  id: 'cni.way-back',
  title: ({ kept }) =>
    `Note that ${kept.map(({ driver }) => driverOf(driver).title).join(' and ')} alone was here, for the way back`,
  scope: 'host',
  reads: ['traces', 'links', 'routes', 'cni', 'kubernetes', 'cluster'],
  risk: 'none',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 1 },
  timeoutMs: 3_600_000,
  retry: 'transient',
  disruptive: false,
  observe: () => ({ noted: true }),
  diff: () => [{ kind: 'run', what: 'what a second network leaves', after: 'removed on the way back' }],
  apply: () => Promise.resolve(ok({})),
  verify: () => Promise.resolve(ok({ text: 'noted' })),
  revert: async (context, params) => {
    const { kept } = params;
    const moved = await recreated(context, params);
    if (!moved.ok) return moved;
    const clean = await cleaned(context, kept);
    if (!clean.ok) return clean;
    const alone = await withoutCopies(context, kept);
    return alone.ok ? forgotten(context, kept) : alone;
  },
});

import { err, ok } from '../../core/result.js';
import { count, sentence } from '../../core/text.js';
import type { Keeps } from '../../facts/cni/residue-of.js';
import type { Change } from '../change.js';
import { mustSucceed, notHeld } from '../outcome.js';
import { defineStep, type Subject, type World } from '../step.js';
import { leftScript, removeScript, saveScript } from './clean-script.js';
import { type Remains, remainsOn, type Thing, thingLines } from './things.js';

/** What the cluster uses: nothing else has anything to be on the host for. */
type Params = Keeps & {
  /** Rules of K3s' controller of NetworkPolicies alone: what networks have left stays for later. */
  readonly only?: 'policies';
};

const CALLED: Readonly<Record<Thing['kind'], string>> = {
  chain: 'chain',
  fwrule: 'rule',
  nft: 'table',
  tc: 'program on a device',
  ipset: 'ipset',
  iprule: 'routing rule',
  route: 'route',
  link: 'device',
  bpf: 'program',
  file: 'file',
  unbak: 'renamed file',
};

const SHOWN = 6;

/** Time in which a new login must get through. */
const DEAD_MAN_SECONDS = 120;

/** `nft filter and nat, legacy filter`. */
const tablesText = (group: readonly Thing[]): string => {
  const tables = new Map<string, Set<string>>();
  for (const { table } of group) {
    const [backend = '', name = ''] = table?.split(' ') ?? [];
    if (name !== '') tables.set(backend, (tables.get(backend) ?? new Set()).add(name));
  }
  return [...tables].map(([backend, names]) => `${backend} ${sentence([...names].sort())}`).join(', ');
};

/** What goes of one kind is one line of the plan: a host may have more than a hundred rules. */
const lineOf = (group: readonly Thing[]): Change => {
  const [first] = group;
  if (first === undefined) throw new Error('no group without things');
  const { cni, kind } = first;
  const tables = tablesText(group);
  return {
    kind: kind === 'unbak' ? 'change' : 'remove',
    what: `${cni}: ${count(group.length, CALLED[kind])}${tables === '' ? '' : ` in ${tables}`}`,
    ...(kind === 'fwrule'
      ? {}
      : {
          before: sentence([...new Set(group.map(({ name }) => name.replaceAll('\t', ' ')))], SHOWN),
        }),
  };
};

const ATTACHED: Change = {
  kind: 'warn',
  what: 'programs that Cilium attached to control groups, if any, end with the next start of the host',
};

const remainsOf = (world: World, { host }: Subject, { only, ...keeps }: Params): Remains | undefined => {
  const remains = remainsOn(world.hosts.get(host ?? ''), keeps);
  if (remains === undefined || only === undefined) return remains;
  // No pod hangs on rules.
  return { things: remains.things.filter(({ cni }) => cni === 'kube-router'), pods: [] };
};

const linesOf = ({ things, pods }: Remains): Change[] => {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const key = `${thing.cni} ${thing.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), thing]);
  }
  const lost = things.some(({ kind }) => kind === 'bpf' || kind === 'tc');
  return [
    ...(pods.length > 0 && things.length > 0
      ? [
          {
            kind: 'warn' as const,
            what: `pods still use ${sentence(pods, SHOWN)}: nothing is removed before they are recreated`,
          },
        ]
      : []),
    ...[...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => lineOf(group)),
    ...(lost ? [ATTACHED] : []),
  ];
};

/** Removes from a host what cluster networks left there that nobody uses, without cutting the one in use. */
export const cniClean = defineStep<Params, Remains>({
  id: 'cni.clean',
  title: ({ only }) =>
    only === undefined
      ? 'Remove what unused cluster networks left'
      : 'Remove what K3s’ controller of NetworkPolicies left',
  scope: 'host',
  reads: ['traces', 'links', 'routes', 'cni', 'kubernetes'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 3 },
  timeoutMs: 120_000,
  retry: 'transient',
  disruptive: false,
  observe: remainsOf,
  diff: (state) => (state === undefined ? [{ kind: 'unknown', what: 'cluster networks' }] : linesOf(state)),
  apply: async (context, _params, state) => {
    const name = context.subject.host ?? '';
    if (state === undefined) return notHeld(name, 'it could not be seen what cluster networks left');
    if (state.pods.length > 0)
      return err({
        class: 'person',
        code: 'cni-pods-left',
        host: name,
        message: `${name}: pods still use devices of a cluster network that is not in use`,
        cause: sentence(state.pods, SHOWN),
        hint: 'recreate the pods of this node, so that they get the network in use; then clean again',
      });
    const host = context.on(name);
    const data = thingLines(state.things);
    const kept = mustSucceed(name, 'keep what is there', await host.change(saveScript(), { data }));
    if (!kept.ok) return kept;
    // Rules and routes of a network may be what a login hangs on: unless one gets through, the host puts all back itself.
    const change = await host.change(removeScript(), { data, deadManSeconds: DEAD_MAN_SECONDS });
    const removed = mustSucceed(name, 'remove everything', change);
    if (!removed.ok) return removed;
    const confirmed = await host.confirm();
    return confirmed.ok ? ok({}) : confirmed;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const remains = remainsOf(context.world, context.subject, params);
    if (remains === undefined) return notHeld(name, 'it could not be seen what cluster networks left');
    if (remains.things.length === 0) return ok({ text: 'no trace of an unused cluster network' });
    const seen = await context.read(name).read(leftScript(thingLines(remains.things)));
    if (!seen.ok) return seen;
    const left = seen.value.stdout.split('\n').filter(Boolean);
    return left.length === 0
      ? ok({ text: `${count(remains.things.length, 'thing')} of unused cluster networks are gone` })
      : notHeld(
          name,
          'not everything is gone',
          sentence(
            left.map((line) => line.replaceAll('\t', ' ')),
            SHOWN,
          ),
        );
  },
});

import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { count, sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { mustSucceed, notHeld } from '../outcome.js';
import { quick } from '../quick.js';
import { type ApplyContext, defineStep } from '../step.js';

/** The highest revision of hash:ip that the network’s own ipset reads. */
type Params = { readonly reads: number };

type Swapped = { readonly name: string; readonly type: string; readonly revision: number };
type State = {
  readonly newer: readonly Swapped[];
  /** K3s’ network policy controller is at work here: it writes the sets anew. */
  readonly rewritten: boolean;
};

/** Only sets of Calico: what others make, others read. */
const OURS = /^(cali|felix)/;
const TYPE = 'hash:ip';

const piece = (name: string): string => readFileSync(new URL(`ipset/${name}`, import.meta.url), 'utf8');

const program = (): string => `SETS=${shellQuote(piece('sets.pl'))}
command -v perl >/dev/null || { echo 'perl is not installed' >&2; exit 69; }
sets() { perl -e "$SETS" -- "$@"; }`;

const swapScript = (): string => ['set -e', program(), piece('swap.sh')].join('\n');

/** Prints what revision each set has now. Reads only. */
const revisionsScript = (names: readonly string[]): string =>
  [program(), `sets headers ${names.map((name) => shellQuote(name)).join(' ')}`].join('\n');

const IPV4 = 2;
const IPV6 = 10;

/** Calico’s names tell the family: cali40… and cali60…. */
const familyOf = (name: string): number => (/^cali6/.test(name) ? IPV6 : IPV4);

const lines = (sets: readonly Swapped[]): string =>
  sets.map(({ name, type, revision }) => [name, type, revision, familyOf(name)].join('\t')).join('\n');

const swap = async (context: ApplyContext, sets: readonly Swapped[]): Promise<Result<void, StepFailure>> => {
  const name = context.subject.host ?? '';
  if (sets.length === 0) return ok(undefined);
  const ran = await context.on(name).change(swapScript(), { data: `${lines(sets)}\n` });
  if (ran.ok && ran.value.status === 69)
    return err({
      class: 'person',
      code: 'ipset-no-perl',
      host: name,
      message: `${name}: ipsets cannot be swapped without perl`,
      hint: 'install perl-base, or swap with an older ipset as `drover explain ipset-skew` says; then `drover apply --resume`',
    });
  const swapped = mustSucceed(name, 'swap ipsets', ran);
  return swapped.ok ? ok(undefined) : swapped;
};

/**
 * Sets of Calico that were written in a revision that its own ipset cannot read get the older one, without a gap for the
 * rules that use them, also while Calico’s agents start again and again because of them.
 */
export const cniIpsetSwap = defineStep<Params, State>({
  id: 'cni.ipset-swap',
  title: ({ reads }) => `Give Calico’s ipsets revision ${reads}, which its images read`,
  scope: 'host',
  reads: ['ipsets', 'traces'],
  risk: 'low',
  ...quick,
  observe: (world, { host = '' }, { reads }) => {
    const { ipsets, traces } = world.hosts.get(host)?.sections ?? {};
    if (ipsets?.value === undefined || traces?.value === undefined) return undefined;
    const newer = ipsets.value.sets
      .filter(({ name, type, revision }) => OURS.test(name) && type === TYPE && revision > reads)
      .map(({ name, type, revision }) => ({ name, type, revision }));
    const rewritten = traces.value.some(({ owner, kind }) => owner === 'kube-router' && kind === 'chain');
    return { newer, rewritten };
  },
  diff: (state, { reads }) => {
    if (state === undefined) return [{ kind: 'unknown', what: 'ipsets of Calico' }];
    if (state.newer.length === 0) return [];
    return [
      ...state.newer.map(({ name, type, revision }) => ({
        kind: 'change' as const,
        what: `ipset ${name}`,
        before: `${type} revision ${revision}`,
        after: `revision ${reads}`,
      })),
      ...(state.rewritten
        ? [
            {
              kind: 'warn' as const,
              what: 'chains of K3s’ network policy controller are here: while it runs it writes the sets again',
            },
          ]
        : []),
    ];
  },
  apply: async (context, { reads }, state) => {
    if (state === undefined)
      return notHeld(context.subject.host ?? '', 'it could not be seen which ipsets there are');
    const swapped = await swap(
      context,
      state.newer.map((set) => ({ ...set, revision: reads })),
    );
    return swapped.ok ? ok({}) : swapped;
  },
  verify: async (context, { reads }) => {
    const name = context.subject.host ?? '';
    const sets = (context.world.hosts.get(name)?.sections.ipsets?.value?.sets ?? []).filter(
      (set) => OURS.test(set.name) && set.type === TYPE,
    );
    if (sets.length === 0) return ok({ text: 'no ipsets of Calico' });
    const seen = mustSucceed(
      name,
      'look at ipsets',
      await context.read(name).read(revisionsScript(sets.map((set) => set.name))),
    );
    if (!seen.ok) return seen;
    const now = seen.value.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t'));
    const newer = now.filter(([, , revision]) => Number(revision) > reads);
    return newer.length === 0
      ? ok({ text: `${count(now.length, 'ipset')} of Calico in a revision that its images read` })
      : notHeld(
          name,
          'ipsets are newer again',
          sentence(newer.map(([set = '', , revision = '']) => `${set} revision ${revision}`)),
        );
  },
  revert: (context, _params, before) => swap(context, before?.newer ?? []),
});

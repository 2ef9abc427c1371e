import { readFileSync } from 'node:fs';
import { err, ok } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { count, sentence } from '../../core/text.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import type { Trace } from '../../facts/model/kubernetes.js';
import { leftScript, removeScript } from '../cni/clean-script.js';
import { type Thing, thingLines } from '../cni/things.js';
import { lastWords, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';

type Params = {
  /** Range of Services, CIDR: connections into it were translated. */
  readonly services: string;
};

type Left = Omit<Thing, 'cni'>;
type State = { readonly things: readonly Left[]; readonly servers: boolean };

const SCRIPT = readFileSync(new URL('clean.sh', import.meta.url), 'utf8');

/** Time in which a new login must get through. */
const DEAD_MAN_SECONDS = 120;
const SHOWN = 6;

const KIND: Readonly<Partial<Record<Trace['kind'], Thing['kind']>>> = {
  chain: 'chain',
  'nft-table': 'nft',
  ipset: 'ipset',
  link: 'link',
};

/** What kube-proxy has on a host; kubelet’s own chains are none of it. Undefined = nobody looked. */
const leftOn = (host: HostFacts | undefined): State | undefined => {
  const traces = host?.sections.traces?.value?.filter(({ owner }) => owner === 'kube-proxy');
  if (traces === undefined) return undefined;
  return {
    things: traces.flatMap(({ kind, name, detail }): Left[] => {
      const known = KIND[kind];
      return known === undefined ? [] : [{ kind: known, table: detail ?? null, name }];
    }),
    servers: traces.some(({ kind }) => kind === 'ipvs'),
  };
};

const isEmpty = ({ things, servers }: State): boolean => things.length === 0 && !servers;

/**
 * Removes from a host what kube-proxy made there, once another program does its work. Taken back, nothing has to be put
 * back: kube-proxy makes all of it anew when it starts.
 */
export const servicesClean = defineStep<Params, State>({
  id: 'services.clean',
  title: () => 'Remove the rules of kube-proxy, which does not run any more',
  scope: 'host',
  reads: ['traces'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 3, interruption: 'connections to Services that kube-proxy has translated end' },
  timeoutMs: 120_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject) => leftOn(world.hosts.get(subject.host ?? '')),
  diff: (state) => {
    if (state === undefined) return [{ kind: 'unknown', what: 'rules of kube-proxy' }];
    const { things, servers } = state;
    const names = [...new Set(things.map(({ name }) => name))];
    return [
      ...(things.length === 0
        ? []
        : [
            {
              kind: 'remove' as const,
              what: `kube-proxy: ${count(names.length, 'chain, set or device', 'chains, sets and devices')}`,
              before: sentence(names, SHOWN),
            },
          ]),
      ...(servers ? [{ kind: 'remove' as const, what: 'kube-proxy: virtual servers of IPVS' }] : []),
    ];
  },
  apply: async (context, { services }, state) => {
    const host = context.subject.host ?? '';
    if (state === undefined) return notHeld(host, 'it could not be seen what kube-proxy left');
    const script = `SERVICES=${shellQuote(services)}\n(\n${removeScript()}\n)\n${SCRIPT}`;
    const done = await context.on(host).change(script, {
      data: thingLines(state.things),
      deadManSeconds: DEAD_MAN_SECONDS,
      title: 'remove the rules of kube-proxy',
    });
    if (!done.ok) return done;
    if (done.value.status !== 0)
      return err({
        class: 'permanent',
        code: 'services-not-clean',
        host,
        message: `${host}: not everything of kube-proxy could be removed`,
        cause: lastWords(done.value),
      });
    const confirmed = await context.on(host).confirm();
    return confirmed.ok ? ok({}) : confirmed;
  },
  verify: async (context) => {
    const host = context.subject.host ?? '';
    const state = leftOn(context.world.hosts.get(host));
    if (state === undefined) return notHeld(host, 'it could not be seen what kube-proxy left');
    if (isEmpty(state)) return ok({ text: 'nothing of kube-proxy is there' });
    const seen = await context.read(host).read(leftScript(thingLines(state.things)));
    if (!seen.ok) return seen;
    const left = seen.value.stdout.split('\n').filter(Boolean);
    return left.length === 0
      ? ok({ text: `${count(state.things.length, 'thing')} of kube-proxy are gone` })
      : notHeld(host, 'not everything is gone', sentence(left, SHOWN));
  },
  revert: () => Promise.resolve(ok(undefined)),
});

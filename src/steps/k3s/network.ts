import { sha256 } from '../../core/canonical.js';
import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { sentence } from '../../core/text.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { inOrder, notHeld } from '../outcome.js';
import { type ApplyContext, defineStep, type Subject, type World } from '../step.js';
import { forgetStamp, keepFormer, putFormerBack } from './network-former.js';
import { DROP_IN } from './settings.js';
import { failureOfStart, type Service, STARTED, startScript } from './start.js';
import { unitOf } from './unit.js';

/** A member of the cluster as it shall run. `settings` = text of Drover's own file; null = it has none and needs none. */
export type NetworkMember = Service & { readonly settings: string | null };

type Params = {
  /** Tells the changes of one run apart. */
  readonly change: string;
  /** What K3s shall do about the cluster network: a back end of Flannel, or `none`. */
  readonly backend: string;
  /** K3s' own controller of NetworkPolicies. */
  readonly policies: boolean;
  /** Only where it is what changes. */
  readonly kubeProxy?: boolean;
  readonly members: readonly NetworkMember[];
};

type Seen = {
  readonly node: string;
  readonly settings: boolean;
  readonly started: boolean;
  readonly active: boolean;
};
type State = { readonly members: readonly Seen[] };

const LIMIT_SECONDS = 300;
const SETTLE_SECONDS = 60;
const TIMEOUT_MS = (LIMIT_SECONDS + 30) * 1000;

const seenOn = (world: World, { node, role, settings, stamp }: NetworkMember): Seen | undefined => {
  const sections = world.hosts.get(node)?.sections;
  const [files, units] = [sections?.files?.value, sections?.units?.value];
  if (files === undefined || units === undefined) return undefined;
  return {
    node,
    settings: settings === null || files[DROP_IN]?.digest === sha256(settings),
    started: files[STARTED]?.digest === sha256(`${stamp}\n`),
    active: units[unitOf(role)]?.active === 'active',
  };
};

const isDone = ({ settings, started, active }: Seen): boolean => settings && started && active;

const start = async (context: ApplyContext, member: Service): Promise<Result<void, StepFailure>> => {
  const { role, node } = member;
  const options = { title: 'start K3s', timeoutMs: TIMEOUT_MS };
  const started = await context.on(node).change(startScript(member, LIMIT_SECONDS), options);
  if (!started.ok) return started;
  return started.value.status === 0 ? ok(undefined) : err(failureOfStart(role, node, started.value));
};

/** All servers at once, because K3s refuses servers that differ; then the agents, which learn it from them. */
const startAll = async (
  context: ApplyContext,
  members: readonly Service[],
): Promise<Result<void, StepFailure>> => {
  const servers = members.filter(({ role }) => role === 'server');
  context.progress(`restarting K3s on ${sentence(servers.map(({ node }) => node))} at once`);
  const ended = await Promise.all(servers.map((server) => start(context, server)));
  for (const each of ended) if (!each.ok) return each;
  for (const agent of members.filter(({ role }) => role === 'agent')) {
    context.progress(`restarting K3s on ${agent.node}`);
    const done = await start(context, agent);
    if (!done.ok) return done;
  }
  return ok(undefined);
};

const write = (
  context: ApplyContext,
  { node, settings }: NetworkMember,
): Promise<Result<void, StepFailure>> =>
  settings === null
    ? Promise.resolve(ok(undefined))
    : context.on(node).files([{ path: DROP_IN, content: settings, mode: '0600', owner: 'root:root' }]);

/** A member that is not as it shall be is changed; nothing is begun while another cannot be logged in to. */
const changesOf = (state: State | undefined, { members }: Params): Change[] =>
  members.flatMap((member): Change[] => {
    const seen = state?.members.find(({ node }) => node === member.node);
    if (seen === undefined) return [{ kind: 'unknown', what: `K3s on ${member.node}` }];
    if (isDone(seen)) return [];
    return [
      ...(seen.settings ? [] : [{ kind: 'change' as const, what: `${DROP_IN} on ${member.node}` }]),
      { kind: 'run', what: `${unitOf(member.role)}.service on ${member.node}`, after: 'restarted' },
    ];
  });

/** Prints what is not as it shall be. */
const lookScript = ({ role, settings, stamp }: NetworkMember, backend: string): string =>
  [
    `unit=${unitOf(role)}`,
    // An agent that ended once because its server was not there yet is started again by systemd.
    `end=$(($(date +%s) + ${SETTLE_SECONDS})); until [ "$(systemctl is-active "$unit")" = active ] || [ "$(date +%s)" -ge "$end" ]; do sleep 0.5; done`,
    'state=$(systemctl is-active "$unit"); [ "$state" = active ] || echo "$unit is $state"',
    `[ "$(cat ${STARTED} 2>/dev/null)" = ${shellQuote(stamp)} ] || echo "$unit was started with other settings"`,
    ...(settings === null
      ? []
      : [
          `echo '${sha256(settings)}  ${DROP_IN}' | sha256sum -c --status || echo '${DROP_IN} has other content'`,
        ]),
    // Flannel takes the former ways away when it has seen the last node change, a moment later.
    ...(backend === 'host-gw'
      ? [
          'until [ -z "$(ip route show dev flannel.1 2>/dev/null)" ] || [ "$(date +%s)" -ge "$end" ]; do sleep 0.5; done',
          '[ -z "$(ip route show dev flannel.1 2>/dev/null)" ] || echo "routes still lead through flannel.1"',
        ]
      : []),
    'true',
  ].join('\n');

const titleOf = ({ backend, policies, kubeProxy, members }: Params): string => {
  const servers = members.filter(({ role }) => role === 'server').map(({ node }) => node);
  const all = `${sentence(servers)} at once, then the agents`;
  if (kubeProxy !== undefined)
    return `Let K3s run ${kubeProxy ? 'kube-proxy again' : 'without kube-proxy'}: ${all}`;
  const network = backend === 'none' ? 'Take Flannel out of K3s' : `Let K3s run Flannel by ${backend}`;
  return `${network}${policies ? '' : ', without its NetworkPolicies'}: ${all}`;
};

/**
 * Changes what K3s does about the cluster network. Its servers refuse to live with one that differs, so all of them are
 * restarted at once, and their API stands still meanwhile; pods go on. Nothing of the network's traces on the hosts goes.
 */
export const k3sNetwork = defineStep<Params, State>({
  id: 'k3s.network',
  title: titleOf,
  scope: 'cluster',
  reads: ['files', 'units'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: {
    seconds: 25,
    interruption: 'the API does not answer while the servers restart together; pods go on',
  },
  timeoutMs: 4 * TIMEOUT_MS,
  retry: 'transient',
  disruptive: false,
  observe: (world, _subject: Subject, { members }) => {
    const seen = members.flatMap((member) => seenOn(world, member) ?? []);
    return seen.length === members.length ? { members: seen } : undefined;
  },
  diff: changesOf,
  apply: async (context, { members, change }) => {
    const kept = await Promise.all(members.map(({ node }) => keepFormer(context, { node, change })));
    for (const each of kept) if (!each.ok) return each;
    const written = await Promise.all(members.map((member) => write(context, member)));
    for (const each of written) if (!each.ok) return each;
    const started = await startAll(context, members);
    return started.ok ? ok({}) : started;
  },
  verify: async (context, { members, backend }) => {
    for (const member of members) {
      const seen = await context
        .read(member.node)
        .read(lookScript(member, backend), { timeoutMs: 2 * SETTLE_SECONDS * 1000 });
      if (!seen.ok) return seen;
      const [wrong] = seen.value.stdout.trim().split('\n').filter(Boolean);
      if (wrong !== undefined) return notHeld(member.node, wrong);
    }
    const kube = await context.kube();
    return kube.ok
      ? ok({ text: `${members.length} members run with flannel-backend ${backend}, and the API answers` })
      : kube;
  },
  revert: async (context, { members, change }) => {
    const former: (Service & { readonly noted: boolean })[] = [];
    for (const member of members) {
      const put = await putFormerBack(context, { node: member.node, change });
      if (!put.ok) return put;
      if (put.value === undefined) continue;
      const { stamp = `before-${member.stamp}` } = put.value;
      former.push({ ...member, stamp, noted: put.value.stamp !== undefined });
    }
    const started = former.length === 0 ? ok(undefined) : await startAll(context, former);
    if (!started.ok) return started;
    return inOrder(
      former
        .filter(({ noted }) => !noted)
        .map(
          ({ node }) =>
            () =>
              forgetStamp(context, node),
        ),
    );
  },
});

import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { type ApplyContext, defineStep } from '../step.js';
import { failureOfStart, type Service, startScript } from './start.js';

type Params = { readonly servers: readonly Service[] };
type State = { readonly standing: readonly string[] };

const LIMIT_SECONDS = 300;

const startOne = async (context: ApplyContext, server: Service): Promise<Result<void, StepFailure>> => {
  const script = startScript(server, LIMIT_SECONDS);
  const timeoutMs = (LIMIT_SECONDS + 30) * 1000;
  const started = await context.on(server.node).change(script, { title: 'start K3s', timeoutMs });
  if (!started.ok) return started;
  return started.value.status === 0
    ? ok(undefined)
    : err(failureOfStart(server.role, server.node, started.value));
};

/**
 * Starts servers that have the data of a cluster all at once. Where too few of etcd's members run, none of them
 * becomes ready by itself: waiting for one before the next is started would wait for ever. Invariant 7 exempts this
 * recovery: nothing is taken away from a cluster that does not answer.
 */
export const k3sStartTogether = defineStep<Params, State>({
  id: 'k3s.start-together',
  title: ({ servers }) => `Start the K3s servers ${servers.map(({ node }) => node).join(', ')} all at once`,
  scope: 'cluster',
  reads: ['units'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'irreversible', reason: 'a cluster that stood still is not made to stand still again' },
  expected: { seconds: 20, interruption: 'the API answers once a majority of etcd’s members runs' },
  timeoutMs: (LIMIT_SECONDS + 30) * 1000,
  retry: 'transient',
  disruptive: false,
  observe: (world, { hosts }) => {
    const units = hosts.map((host) => world.hosts.get(host)?.sections.units?.value);
    if (units.includes(undefined)) return undefined;
    return { standing: hosts.filter((_host, index) => units[index]?.['k3s']?.active !== 'active') };
  },
  diff: (state, { servers }) =>
    (state?.standing ?? servers.map(({ node }) => node)).map((host) => ({
      kind: 'run',
      what: `k3s.service on ${host}`,
      after: 'started',
    })),
  apply: async (context, { servers }) => {
    context.progress('waiting until a majority of the servers is ready');
    const ended = await Promise.all(servers.map((server) => startOne(context, server)));
    for (const each of ended) if (!each.ok) return each;
    return ok({});
  },
  verify: async (context, { servers }) => {
    for (const { node } of servers) {
      const seen = await context.read(node).read('systemctl is-active k3s');
      if (!seen.ok) return seen;
      if (seen.value.status !== 0)
        return err({
          class: 'permanent',
          code: 'k3s-start-failed',
          host: node,
          message: `${node}: k3s is ${seen.value.stdout.trim()}`,
        });
    }
    const kube = await context.kube();
    return kube.ok ? ok({ text: `${servers.length} servers run, and the API answers` }) : kube;
  },
});

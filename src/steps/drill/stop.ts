import { readFileSync } from 'node:fs';
import { ok } from '../../core/result.js';
import { unitOf } from '../k3s/unit.js';
import { mustSucceed, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';
import { type DrillNode, putBack, TIMER } from './back.js';

type Params = DrillNode & {
  /** After so many seconds the host starts K3s again by itself. */
  readonly limitSeconds: number;
};
type State = { readonly active: boolean };

/** Takes a node away as a power cut would. The way back starts it again. */
export const drillStop = defineStep<Params, State>({
  id: 'drill.stop',
  title: ({ limitSeconds }) => `Take the node away, for ${Math.round(limitSeconds / 60)} min at most,`,
  scope: 'host',
  reads: ['units'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 10 },
  timeoutMs: 180_000,
  retry: 'never',
  disruptive: true,
  givesBack: true,
  observe: (world, subject, { role }) => {
    const units = world.hosts.get(subject.host ?? '')?.sections.units?.value;
    return units === undefined ? undefined : { active: units[unitOf(role)]?.active === 'active' };
  },
  diff: (state, { role }) =>
    state?.active === false
      ? []
      : [{ kind: 'run', what: `${unitOf(role)}.service`, after: 'stopped, and all its pods with it' }],
  apply: async (context, { node, role, limitSeconds }) => {
    const script = [
      `UNIT=${unitOf(role)} LIMIT=${limitSeconds}`,
      readFileSync(new URL('stop.sh', import.meta.url), 'utf8'),
    ].join('\n');
    const done = await context.on(node).change(script, { title: 'take the node away' });
    const stopped = mustSucceed(node, 'stop K3s', done);
    return stopped.ok ? ok({}) : stopped;
  },
  verify: async ({ read }, { node, role }) => {
    const look = `systemctl is-active ${unitOf(role)}; systemctl is-active ${TIMER}.timer`;
    const seen = await read(node).read(look);
    if (!seen.ok) return seen;
    const [unit, timer] = seen.value.stdout.trim().split('\n');
    if (unit === 'active') return notHeld(node, 'K3s runs');
    if (timer !== 'active') return notHeld(node, 'no timer would start K3s again');
    return ok({ text: `K3s is ${unit ?? 'stopped'}, and a timer of the host’s own will start it again` });
  },
  revert: (context, params) => putBack(context, params),
});

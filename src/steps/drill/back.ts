import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { type K3sRole, unitOf } from '../k3s/unit.js';
import { mustSucceed } from '../outcome.js';
import type { ApplyContext } from '../step.js';
import { conditionOf, lookAtNode, setOutOfService } from './node.js';

/** The node that a drill takes away for a while. */
export type DrillNode = { readonly node: string; readonly role: K3sRole };

/** Name of the timer by which the host itself ends a drill. */
export const TIMER = 'drover-drill';

const READY_MS = 300_000;
const LOOK_MS = 1_000;

const startScript = (unit: string): string => `
systemctl start --no-block ${unit} || exit 1
end=$(($(date +%s) + 240))
until [ "$(systemctl is-active ${unit})" = active ]; do
  [ "$(date +%s)" -lt "$end" ] || { journalctl -u ${unit} -n 3 -o cat --no-pager >&2; exit 1; }
  sleep 0.3
done`;

const isBack = async (context: ApplyContext, { node, role }: DrillNode): Promise<boolean> => {
  const kube = await context.kube();
  if (!kube.ok) return false;
  const found = await lookAtNode(kube.value, node, context.signal);
  if (!found.ok || conditionOf(found.value, 'Ready') !== 'True') return false;
  return role === 'agent' || conditionOf(found.value, 'EtcdIsVoter') === 'True';
};

/**
 * Starts K3s again where a drill stopped it, lets the node have pods again, waits until it is Ready (a server until its
 * vote counts), and stops the host's own timer. Takes nothing away where all of that holds already.
 */
export const putBack = async (
  context: ApplyContext,
  drill: DrillNode,
): Promise<Result<void, StepFailure>> => {
  const { node, role } = drill;
  const { clock, signal } = context;
  const host = context.on(node);
  context.progress('starting K3s again');
  const started = mustSucceed(node, 'start K3s', await host.change(startScript(unitOf(role))));
  if (!started.ok) return started;
  const free = await setOutOfService(context, node, false);
  if (!free.ok) return free;
  context.progress(role === 'server' ? 'waiting until its vote counts' : 'waiting until it is Ready');
  const end = clock.monotonic() + READY_MS;
  while (!(await isBack(context, drill))) {
    if (clock.monotonic() > end || signal.aborted)
      return err({
        class: 'permanent',
        code: 'drill-not-back',
        host: node,
        message: `${node}: K3s runs again, but the node is not Ready after ${READY_MS / 1000} s`,
      });
    await clock.delay(LOOK_MS, signal).catch(() => undefined);
  }
  const disarmed = await host.change(`systemctl stop ${TIMER}.timer 2>/dev/null; true`);
  return disarmed.ok ? ok(undefined) : disarmed;
};

import type { DroverError } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { type ChangeRequest, changeLab, hostsOf, runningHosts } from './change.js';
import type { LabContext } from './context.js';
import { labError } from './errors.js';
import { applyPartitions } from './network/partitions.js';
import { applyThrottle, queueWords, type Throttle, throttleProblem } from './network/throttle.js';

type Pair = readonly [string, string];

const samePair = ([a, b]: Pair, [c, d]: Pair): boolean => (a === c && b === d) || (a === d && b === c);

export interface PartitionRequest extends ChangeRequest {
  /** One host, and those that it can no longer talk to. Empty with `heal` = all partitions. */
  readonly hosts: readonly string[];
  readonly heal: boolean;
}

/** Cuts one host from others, in both directions; everything else, and the operator, still reach both. */
export const labPartition = (
  context: LabContext,
  request: PartitionRequest,
): Promise<Result<readonly Pair[], DroverError>> =>
  changeLab(context, request, async (lab) => {
    const hosts = hostsOf(lab, request.hosts);
    if (!hosts.ok) return hosts;
    const [one, ...others] = request.hosts;
    const named = others.map((other): [string, string] => [one ?? '', other]);
    const kept = lab.state().partitions.filter((pair) => !named.some((entry) => samePair(entry, pair)));
    const cut = request.heal ? kept.filter(() => request.hosts.length > 0) : [...kept, ...named];
    const applied = await applyPartitions(lab.state().plan, cut);
    if (!applied.ok) return applied;
    await lab.update((state) => ({ ...state, partitions: cut }));
    return ok(cut);
  });

export interface ThrottleRequest extends ChangeRequest {
  readonly host: string;
  /** Absent = the cable is made good again. */
  readonly throttle: Throttle | undefined;
}

/** Makes a host's cable slow, far or lossy, in both directions. */
export const labThrottle = (
  context: LabContext,
  request: ThrottleRequest,
): Promise<Result<void, DroverError>> =>
  changeLab(context, request, async (lab) => {
    const hosts = runningHosts(lab, [request.host]);
    if (!hosts.ok) return hosts;
    const problem = request.throttle === undefined ? undefined : throttleProblem(request.throttle);
    if (problem !== undefined) return err(labError('lab-throttle', problem));
    const before = lab.state().throttles;
    const { [request.host]: _old, ...others } = before;
    const wanted =
      request.throttle === undefined ? others : { ...others, [request.host]: queueWords(request.throttle) };
    await lab.update((state) => ({ ...state, throttles: wanted }));
    const applied = await applyThrottle(lab, request.host);
    if (applied.ok) return applied;
    await lab.update((state) => ({ ...state, throttles: others }));
    await applyThrottle(lab, request.host);
    return applied;
  });

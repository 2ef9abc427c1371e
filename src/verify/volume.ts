import type { Kube } from '../core/ports/kube.js';
import { type CheckResult, fail, pass } from './check.js';
import { condition } from './objects.js';
import { type ProbeNames, probeClaim, volumePod } from './probe-objects.js';
import { CLAIMS, PODS } from './resources.js';
import { waitFor } from './wait.js';

export interface VolumeInput {
  readonly kube: Kube;
  readonly names: ProbeNames;
  readonly node: string;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const PART = { check: 'volume', title: 'A volume of the default class is bound, written and read back' };

/** A claim without a class is bound, and what a pod writes there can be read again. Needs the probes' namespace. */
export const checkVolume = async ({
  kube,
  names,
  node,
  limitMs,
  signal,
}: VolumeInput): Promise<CheckResult> => {
  const { namespace } = names;
  const claim = await kube.create({ resource: CLAIMS, namespace }, probeClaim(names), { signal });
  if (!claim.ok) return fail({ ...PART, detail: claim.error.message });
  const pod = await kube.create({ resource: PODS, namespace }, volumePod(names, node), { signal });
  if (!pod.ok) return fail({ ...PART, detail: pod.error.message });
  const watch = { namespace, fieldSelector: 'metadata.name=volume', limitMs, signal };
  const ready = await waitFor(kube, PODS, watch, (pods) =>
    [...pods.values()].some((each) => condition(each, 'Ready').status === 'True'),
  );
  if (!ready.held)
    return fail({
      ...PART,
      node,
      detail: ready.problem ?? 'the pod with the volume did not become ready in time',
    });
  const wrote = await kube.exec(
    { namespace, name: 'volume' },
    ['sh', '-c', 'echo kept > /data/proof && sync && cat /data/proof'],
    { signal },
  );
  if (!wrote.ok) return fail({ ...PART, node, detail: wrote.error.message });
  const back = wrote.value.stdout.toString().trim();
  return back === 'kept'
    ? pass({ ...PART, node, detail: 'written and read back' })
    : fail({ ...PART, node, detail: `read back ${JSON.stringify(back)}` });
};

import type { Kube } from '../core/ports/kube.js';
import { type CheckResult, fail, pass } from './check.js';
import { condition } from './objects.js';
import { type ProbeNames, podObject, probeClaim } from './probe-objects.js';
import { stateOf } from './probes.js';
import { CLAIMS, PODS } from './resources.js';
import { waitFor } from './wait.js';

export interface VolumeInput {
  readonly kube: Kube;
  readonly names: ProbeNames;
  readonly node: string;
  /** What is written; another text than any earlier verification's. */
  readonly text: string;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const PART = { check: 'volume', title: 'A volume of the default class is bound, written and read back' };

/** Runs a command in a new pod that has the volume, and removes the pod. A string is what it printed. */
const withPod = async (
  { kube, names, node, limitMs, signal }: VolumeInput,
  name: string,
  command: string,
): Promise<string | CheckResult> => {
  const { namespace } = names;
  const failed = (detail: string): CheckResult => fail({ ...PART, node, detail });
  const pod = podObject(names, node, { name, kind: 'volume', claim: 'volume' });
  const made = await kube.create({ resource: PODS, namespace }, pod, { signal });
  if (!made.ok) return failed(made.error.message);
  const watch = { namespace, fieldSelector: `metadata.name=${name}`, limitMs, signal };
  const ready = await waitFor(kube, PODS, watch, (pods) =>
    [...pods.values()].some((each) => condition(each, 'Ready').status === 'True'),
  );
  const last = ready.objects.get(name);
  if (!ready.held)
    return failed(
      ready.problem ?? `the pod with the volume did not run: ${last === undefined ? 'gone' : stateOf(last)}`,
    );
  const ran = await kube.exec({ namespace, name }, ['sh', '-c', command], { signal });
  await kube.delete({ resource: PODS, namespace, name }, { signal });
  return ran.ok ? ran.value.stdout.toString().trim() : failed(ran.error.message);
};

/**
 * A claim without a class is bound, and what one pod wrote there another pod reads. Needs the probes' namespace.
 */
export const checkVolume = async (input: VolumeInput): Promise<CheckResult> => {
  const { kube, names, node, text, signal } = input;
  const { namespace } = names;
  const claim = await kube.create({ resource: CLAIMS, namespace }, probeClaim(names), { signal });
  if (!claim.ok) return fail({ ...PART, detail: claim.error.message });
  const wrote = await withPod(input, 'volume-writer', `printf %s '${text}' >/data/proof && sync`);
  if (typeof wrote !== 'string') return wrote;
  const back = await withPod(input, 'volume-reader', 'cat /data/proof');
  if (typeof back !== 'string') return back;
  return back === text
    ? pass({ ...PART, node, detail: 'written by one pod, read by another' })
    : fail({ ...PART, node, detail: `read back ${JSON.stringify(back)}` });
};

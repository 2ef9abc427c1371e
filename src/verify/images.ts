import type { Kube } from '../core/ports/kube.js';
import { type CheckResult, fail, passIf } from './check.js';
import { text } from './objects.js';
import { type ProbeNames, podObject } from './probe-objects.js';
import { stateOf } from './probes.js';
import { PODS } from './resources.js';
import { waitFor } from './wait.js';

export interface ImagesInput {
  readonly kube: Kube;
  readonly names: ProbeNames;
  readonly nodes: readonly string[];
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const PART = { check: 'image-pull', title: 'Every node pulls images from the registry' };

/** The kubelet has asked the registry: the container runs, or has run. */
const hasPulled = (pod: unknown): boolean => ['Running', 'Succeeded'].includes(text(pod, 'status', 'phase'));

/**
 * Every node asks the registry for the image although it has it: a registry that is out of reach shows now and not
 * with the next new image. Not for air-gapped clusters. Needs the probes' namespace with its account.
 */
export const checkPull = async ({
  kube,
  names,
  nodes,
  limitMs,
  signal,
}: ImagesInput): Promise<CheckResult[]> => {
  const { namespace } = names;
  const pods = nodes.map((node, index) =>
    podObject(names, node, { name: `image-${index}`, kind: 'image', pull: 'Always' }),
  );
  const made = await Promise.all(
    pods.map((pod) => kube.create({ resource: PODS, namespace }, pod, { signal })),
  );
  const [failure] = made.flatMap((each) => (each.ok ? [] : [each.error]));
  if (failure !== undefined) return [fail({ ...PART, detail: failure.message })];
  const options = { namespace, labelSelector: 'drover.dev/probe=image', limitMs, signal };
  const { objects } = await waitFor(
    kube,
    PODS,
    options,
    (all) => all.size >= nodes.length && [...all.values()].every(hasPulled),
  );
  return nodes.map((node, index) => {
    const pod = objects.get(`image-${index}`);
    const good = pod !== undefined && hasPulled(pod);
    const why = pod === undefined ? 'the pod is gone' : stateOf(pod);
    return passIf(good, { ...PART, node, detail: good ? 'pulled' : why });
  });
};

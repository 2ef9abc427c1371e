import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { probePod, SERVED_PORT } from '../cni/probe-pods.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';

const SERVICES = { group: '', version: 'v1', plural: 'services' } as const;
const PODS = { group: '', version: 'v1', plural: 'pods' } as const;

const NAME = 'probe';
/** Pods that are behind the Service have it. */
const BEHIND = 'drover.dev/behind';

/** Where the Service answers. */
export interface Reached {
  readonly clusterIp: string;
  readonly nodePort: number;
}

/** Pods that may be behind the Service, and pods that ask it, by name. */
export interface Cast {
  /** Two, on two nodes where there are two. */
  readonly answering: readonly KubeObject[];
  /** One on every node. */
  readonly asking: readonly KubeObject[];
}

export const castOf = (namespace: string, nodes: readonly string[], image: string): Cast => {
  const onto = (at: number): string => nodes[at % nodes.length] ?? '';
  return {
    answering: [0, 1].map((at) => probePod(namespace, `answers-${at}`, onto(at), image)),
    asking: nodes.map((node, at) => probePod(namespace, `asks-${at}`, node, image)),
  };
};

const service = (namespace: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: NAME, namespace },
  spec: {
    type: 'NodePort',
    selector: { [BEHIND]: NAME },
    ports: [{ name: 'http', port: 80, targetPort: SERVED_PORT, protocol: 'TCP' }],
  },
});

const reachedOf = (object: KubeObject): Reached => {
  const { clusterIP = '', ports = [] } = object['spec'] as {
    readonly clusterIP?: string;
    readonly ports?: readonly { readonly nodePort?: number }[];
  };
  return { clusterIp: clusterIP, nodePort: ports[0]?.nodePort ?? 0 };
};

/** Makes the Service; one that an earlier attempt made is taken. */
export const makeService = async (
  kube: Kube,
  namespace: string,
  signal: AbortSignal,
): Promise<Result<Reached, StepFailure>> => {
  const made = await kube.create({ resource: SERVICES, namespace }, service(namespace), { signal });
  if (made.ok) return ok(reachedOf(made.value));
  const found =
    made.error.kind === 'already-exists'
      ? await kube.get({ resource: SERVICES, namespace, name: NAME }, { signal })
      : made;
  return found.ok
    ? ok(reachedOf(found.value))
    : err(failureOfKube(found.error, 'cannot make the Service of the probes'));
};

/** Puts exactly these pods behind the Service: its endpoints change. */
export const putBehind = async (
  kube: Kube,
  { answering }: Cast,
  behind: readonly string[],
  signal: AbortSignal,
): Promise<Result<void, StepFailure>> => {
  for (const { metadata } of answering) {
    const { name, namespace = '' } = metadata;
    const labels = { [BEHIND]: behind.includes(name) ? NAME : null };
    const done = await kube.patch(
      { resource: PODS, namespace, name },
      { metadata: { labels } },
      { type: 'merge', signal },
    );
    if (!done.ok) return err(failureOfKube(done.error, `cannot label the probe ${name}`));
  }
  return ok(undefined);
};

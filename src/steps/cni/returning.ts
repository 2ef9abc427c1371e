import { type NetworkPod, podName } from './network-pods.js';

/** What must be there again after pods were recreated. */
export interface Returning {
  /** As a person names it. */
  readonly what: string;
  readonly namespace: string;
  /** Pods that count for it. */
  readonly fits: (pod: NetworkPod) => boolean;
  readonly wanted: number;
  /** False where it was not ready before either: then an address is enough. */
  readonly mustBeReady: boolean;
  /** `NAMESPACE/NAME` of the pod or of its owner. */
  readonly name: string;
  /** Kept by Drover, which makes it again. */
  readonly bare: boolean;
}

/** Pods that come back on their own node, cordoned or not: of DaemonSets, and those that Drover makes again. */
export const staysHere = ({ owner }: NetworkPod): boolean =>
  owner === undefined || owner.kind === 'DaemonSet';

const ofBare = (pod: NetworkPod): Returning => ({
  what: `the pod ${podName(pod)}`,
  name: podName(pod),
  namespace: pod.namespace,
  fits: ({ namespace, name }) => namespace === pod.namespace && name === pod.name,
  wanted: 1,
  mustBeReady: pod.ready,
  bare: true,
});

const ofOwner = (pod: NetworkPod, all: readonly NetworkPod[]): Returning => {
  const { kind = '', name = '', uid = '' } = pod.owner ?? {};
  const daemon = kind === 'DaemonSet';
  const fits = (one: NetworkPod): boolean => one.owner?.uid === uid && (!daemon || one.node === pod.node);
  const ready = all.filter((one) => fits(one) && one.ready && !one.ending).length;
  return {
    what: `a pod of ${kind} ${pod.namespace}/${name}`,
    name: `${pod.namespace}/${name}`,
    namespace: pod.namespace,
    fits,
    wanted: Math.max(ready, 1),
    mustBeReady: ready > 0,
    bare: false,
  };
};

/** What must return for these pods; `all` = the pods of their namespaces as they are now. Pure. */
export const returningOf = (
  targets: readonly NetworkPod[],
  all: readonly NetworkPod[],
): readonly Returning[] => {
  const seen = new Set<string>();
  return targets.flatMap((pod) => {
    const key = pod.owner === undefined ? podName(pod) : `${pod.owner.uid} ${staysHere(pod) ? pod.node : ''}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [pod.owner === undefined ? ofBare(pod) : ofOwner(pod, all)];
  });
};

/** Owners of which nobody else runs a pod: they are away while theirs is recreated. */
export const singles = (returning: readonly Returning[]): readonly string[] =>
  returning
    .filter(({ wanted, bare, what }) => wanted === 1 && !bare && !what.includes('DaemonSet'))
    .map(({ what }) => what);

/** Whether it is all there. `stale` = an address that pods of `node` must not have any more. Pure. */
export const isBack = (
  { fits, wanted, mustBeReady }: Returning,
  pods: readonly NetworkPod[],
  { node, stale }: { readonly node: string; readonly stale: (address: string) => boolean },
): boolean =>
  pods.filter(
    (pod) =>
      fits(pod) &&
      !pod.ending &&
      (pod.over ||
        (pod.address !== undefined &&
          !(pod.node === node && stale(pod.address)) &&
          (pod.ready || !mustBeReady))),
  ).length >= wanted;

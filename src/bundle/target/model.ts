import type { ImageAnswer, ImageRegistry } from '../../core/ports/image-registry.js';
import type { Kube, KubeObject, KubeRef, KubeResource, KubeResult } from '../../core/ports/kube.js';
import type { Carried } from '../carry/carry.js';
import type { ClusterIdentity } from '../identity.js';
import type { BundleFinding } from '../model/report.js';

/** CPU in cores, memory in bytes, number of pods. */
export interface Resources {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

/** What is known about the target before anything is asked of it about single objects. */
export interface TargetView {
  readonly identity: ClusterIdentity;
  readonly kinds: readonly KubeResource[];
  /** Objects that are there already: those that are carried, and those that carried ones name. By key. */
  readonly live: ReadonlyMap<string, KubeObject>;
  /** Everything there is of a few kinds, by {@link kindName}; absent = it could not be read. */
  readonly lists: ReadonlyMap<string, readonly KubeObject[]>;
  /** Requests of all pods that run there; absent = pods could not be read. */
  readonly requested: Resources | undefined;
  /** Kinds that may not be read, with the reason. */
  readonly unread: readonly string[];
  /** What registries say of the images that carried workloads run and no node has yet, by whole name. */
  readonly images: ReadonlyMap<string, ImageAnswer>;
}

/** One check of all carried objects against the target. Pure. */
export type TargetCheck = (input: CheckInput) => readonly BundleFinding[];

export interface CheckInput {
  readonly carried: Carried;
  readonly source: Pick<ClusterIdentity, 'version'>;
  readonly target: TargetView;
  readonly existing: 'skip' | 'update' | 'fail';
}

/** What comes of an object: as in a plan, or `refused` = it cannot be written at all and is left out. */
export type Verdict = 'create' | 'update' | 'keep' | 'later' | 'refused';

export interface Assessed {
  readonly key: string;
  /** Absent when the target has no such kind and none comes along. */
  readonly ref?: KubeRef;
  readonly verdict: Verdict;
  /** Fields that would be other ones: `spec.replicas`. Values stay out of it: they may be secret. */
  readonly changed: readonly string[];
}

export interface Assessment {
  /** In the order of the carried objects. */
  readonly objects: readonly Assessed[];
  readonly findings: readonly BundleFinding[];
  readonly view: TargetView;
}

/** How the target is asked. Nothing is ever written: single objects are sent as dry runs. */
export interface TargetAccess {
  readonly kube: Kube;
  readonly signal: AbortSignal;
  /** Requests at the same time. */
  readonly concurrency: number;
  /** Sends a request again when the API was only busy. */
  readonly persist: <T>(request: () => KubeResult<T>) => KubeResult<T>;
  readonly registry: ImageRegistry;
}

/** How a restore would treat objects; what it sends is what the dry run sends. */
export interface Treatment {
  readonly existing: CheckInput['existing'];
  readonly prepare: (object: KubeObject) => KubeObject;
  /** Made by the cluster itself, so that nobody loses anything when it is changed. */
  readonly isComputed: (live: KubeObject) => boolean;
}

import { mapOf } from '../bundle/clean/draft.js';
import type { Json } from '../core/canonical.js';
import type { Clock } from '../core/ports/clock.js';
import type { Kube } from '../core/ports/kube.js';
import type { Result } from '../core/result.js';
import type { ClusterFacts } from '../facts/cluster/cluster-facts.js';
import type { CollectorId, HostFacts } from '../facts/model/host-facts.js';
import type { OperatorFacts } from '../facts/operator/operator-facts.js';
import type { Change } from './change.js';
import type { HostEffects, HostReads } from './effects.js';
import type { StepFailure } from './failure.js';
import type { ItemLog, ItemRecord } from './items.js';
import type { KubeReads } from './kube-reads.js';
import type { ObjectSource, Sealer } from './objects/source.js';
import type { OperatorEffects, OperatorReads } from './operator-effects.js';
import type { SecretVerdict } from './secrets/delivery.js';
import type { LiveSet } from './sets/live-set.js';
import type { ObjectSet } from './sets/object-set.js';

/** Where an action takes place. */
export type Scope = 'host' | 'pair' | 'cluster' | 'operator' | 'external';

/**
 * What a step can read: a collector of its hosts, the cluster’s API, the operator’s own machine, how delivered secrets
 * compare with the store, or object sets: the one that its parameter `set` names, all of them without such a parameter.
 */
export type Reads = CollectorId | 'cluster' | 'operator' | 'secrets' | 'sets';

/** What one action looks at: of object sets the one that it is about, `sets/NAME`. */
export type Read = Reads | `sets/${string}`;

/** Reads that are no collectors of hosts. */
export const isCollector = (read: Read): read is CollectorId =>
  read !== 'cluster' &&
  read !== 'operator' &&
  read !== 'secrets' &&
  read !== 'sets' &&
  !read.startsWith('sets/');

/** How much an action can hurt when it goes wrong. */
export type Risk = 'none' | 'low' | 'medium' | 'high';

/**
 * What happens when an action whose outcome is unknown runs again:
 * exact = same effect once, converges = ends in the same state, attach = the first one still runs and is joined.
 */
export type Replay = 'exact' | 'converges' | 'attach';

/** The way back. `restorePoint` puts back pre-images that were saved on the host before the change. */
export type UndoClass =
  | { readonly kind: 'inverse' }
  | { readonly kind: 'restorePoint' }
  | { readonly kind: 'irreversible'; readonly reason: string };

/** What is known about the world at one moment; planning and inspection see it through the same glasses. */
export interface World {
  readonly hosts: ReadonlyMap<string, HostFacts>;
  /** Absent = no API was there to ask, or it was not asked. */
  readonly cluster?: ClusterFacts;
  /** Absent = nobody looked. */
  readonly operator?: OperatorFacts;
  /** Object sets as they live in the cluster, by name. Absent = no API was there to ask, or it was not asked. */
  readonly sets?: ReadonlyMap<string, LiveSet>;
  /** Secrets of the spec in namespaces, by `NAMESPACE/NAME`: how they compare with the store. Absent = nobody looked. */
  readonly secrets?: ReadonlyMap<string, SecretVerdict>;
}

/** Whose step it is: the host for host scope; the cluster's hosts otherwise. */
export interface Subject {
  readonly host?: string;
  readonly hosts: readonly string[];
}

/** What apply and undo may use. Only a running plan makes one, so nothing else can change a host. */
export interface ApplyContext {
  /** Id of the run: nothing else ever has the same. */
  readonly run: string;
  readonly subject: Subject;
  readonly world: World;
  /** Changes on a host, run as a named transient unit with pre-images; refuses hosts outside the subject. */
  readonly on: (host: string) => HostEffects;
  /**
   * The cluster's API, through a server that is ready now; ask again after one was restarted. Writes are refused
   * once the run has lost its lock.
   */
  readonly kube: () => Promise<Result<Kube, StepFailure>>;
  /** The operator's own machine; only steps of scope `operator` change it. */
  readonly operator: OperatorEffects;
  /** The objects that a migration carries, read from its bundle one by one. */
  readonly objects: () => Promise<Result<ObjectSource, StepFailure>>;
  /** An object set, rendered again; one that is wanted no more is empty. Whoever applies it compares its digest. */
  readonly set: (name: string) => Promise<Result<ObjectSet, StepFailure>>;
  /** Seals former states of objects, so that they may stand in the journal. */
  readonly sealer: () => Promise<Result<Sealer, StepFailure>>;
  /** Opens a secret by handle, e.g. `cluster-token`. Never logged, only handed to `data` of effects. */
  readonly secret: (handle: string) => Promise<Result<Uint8Array, StepFailure>>;
  /** Puts a secret into the store and gives what stands for it in outputs. The first value of a handle is kept. */
  readonly keepSecret: (handle: string, value: Uint8Array) => Promise<Result<SecretHandle, StepFailure>>;
  /** For back-off and time limits alone. */
  readonly clock: Clock;
  readonly progress: (text: string) => void;
  /** Stores what resume needs (fsynced before it returns). */
  readonly checkpoint: (value: Json) => Promise<void>;
  /** What `checkpoint` stored before a crash. */
  readonly resumed: Json | undefined;
  /** Thousands of objects or files in one action; see `eachItem`. */
  readonly items: ItemLog;
  /** What an action of any run did to its items, by that run’s journal: the way back starts from it. */
  readonly itemsOf: (run: string, action: string) => Promise<Result<readonly ItemRecord[], StepFailure>>;
  /** For `revert` alone: what is taken back. */
  readonly takesBack?: TakenBack;
  readonly signal: AbortSignal;
}

/** An action of an earlier run that is being taken back. */
export interface TakenBack {
  readonly run: string;
  readonly action: string;
  /** Put the former state back also where others have changed it since. */
  readonly overwrite: boolean;
  /** Data may go with it: the plan named it, and somebody agreed. */
  readonly dataAgreed: boolean;
}

/** Stands for a secret in outputs, plans and journals; `ApplyContext.secret` opens it. A type alias is JSON, an interface is not. */
export type SecretHandle = { readonly secret: string };

/** What verify may use: reading only. */
export interface VerifyContext {
  /** What `apply` has just given; absent when the goal held already. */
  readonly outputs?: Readonly<Record<string, Json>>;
  readonly subject: Subject;
  /** As it was seen before anything was applied. */
  readonly world: World;
  /** The world with what the step reads observed again. */
  readonly again: () => Promise<World>;
  readonly read: (host: string) => HostReads;
  /** The cluster's API, reading only. */
  readonly kube: () => Promise<Result<KubeReads, StepFailure>>;
  readonly operator: OperatorReads;
  readonly signal: AbortSignal;
}

/** Proof that an action's goal holds: what was looked at and what it showed. */
export interface Proof {
  readonly text: string;
  readonly data?: Json;
}

/** One kind of change; the only declaration from which plan text, dry run, journal, dashboard and rollback derive. */
export interface Step<Params extends Json = Json, State extends Json = Json> {
  /** `host.sysctls`, `k3s.server` … */
  readonly id: string;
  readonly title: (params: Params) => string;
  readonly scope: Scope;
  /** Collectors that observe reads; staleness compares these alone. */
  readonly reads: readonly Reads[];
  readonly risk: Risk;
  readonly replay: Replay;
  readonly undo: UndoClass;
  /** Seconds that one action usually takes, and what is interrupted meanwhile. */
  readonly expected: { readonly seconds: number; readonly interruption?: string };
  readonly timeoutMs: number;
  /** Whether failures classed as transient may be tried again. */
  readonly retry: 'never' | 'transient';
  /** Takes an etcd voter or an API server away for a while: quorum is checked before (invariant 7). */
  readonly disruptive: boolean;
  /** The way back only gives back what the action took away for a while: it interrupts nothing. Default: false. */
  readonly givesBack?: boolean;
  /** Pure: the state that matters to this step, from facts; undefined when the facts cannot tell. */
  readonly observe: (world: World, subject: Subject, params: Params) => State | undefined;
  /** Pure: what has to change; empty = nothing to do. `undefined` state gives changes of kind `unknown`. */
  readonly diff: (state: State | undefined, params: Params) => readonly Change[];
  /** Makes the changes; idempotent. Returns the outputs that later actions refer to. */
  readonly apply: (
    context: ApplyContext,
    params: Params,
    state: State | undefined,
  ) => Promise<Result<Readonly<Record<string, Json>>, StepFailure>>;
  /**
   * Pure: what later actions refer to when the goal holds already, so that nothing has to be applied to know it.
   * Steps whose `apply` gives outputs declare the same ones here.
   */
  readonly outputs?: (state: State, params: Params) => Readonly<Record<string, Json>>;
  readonly verify: (context: VerifyContext, params: Params) => Promise<Result<Proof, StepFailure>>;
  /** Absent for `restorePoint` (pre-images do it) and `irreversible`. */
  readonly revert?: (
    context: ApplyContext,
    params: Params,
    before: State | undefined,
  ) => Promise<Result<void, StepFailure>>;
}

// A catalogue holds steps of many shapes; parameters and states are checked by the step itself.
// biome-ignore lint/suspicious/noExplicitAny: see above
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyStep = Step<any, any>;

export const defineStep = <Params extends Json, State extends Json>(
  step: Step<Params, State>,
): Step<Params, State> => step;

/** What an action of a step looks at. */
export const readsOf = ({ reads }: Pick<AnyStep, 'reads'>, params: unknown): readonly Read[] => {
  const named = mapOf(params)['set'];
  return reads.map((read): Read => (read === 'sets' && typeof named === 'string' ? `sets/${named}` : read));
};

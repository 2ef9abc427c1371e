import type { CarriedObject } from '../../../../src/bundle/model/carried-object.js';
import type { Gate } from '../../../../src/bundle/model/gate.js';
import { idOf, idText } from '../../../../src/bundle/model/object-id.js';
import { referencesOf } from '../../../../src/bundle/references/find.js';
import type { Json } from '../../../../src/core/canonical.js';
import type { RunEvent } from '../../../../src/core/events/run.js';
import type { Clock } from '../../../../src/core/ports/clock.js';
import type { Kube, KubeObject } from '../../../../src/core/ports/kube.js';
import { ok } from '../../../../src/core/result.js';
import { planHash } from '../../../../src/plan/assemble.js';
import { type Action, type Plan, planSchema } from '../../../../src/plan/model.js';
import { itemsOf } from '../../../../src/run/rollback/items-of.js';
import { undoPlan } from '../../../../src/run/rollback/undo-plan.js';
import { withUndo } from '../../../../src/run/rollback/undo-step.js';
import { runPlan } from '../../../../src/run/run-plan.js';
import type { RunSummary } from '../../../../src/run/summary.js';
import { stepOf } from '../../../../src/steps/catalogue.js';
import {
  LEFT_OUTPUT,
  type ObjectVerdict,
  type PlannedObject,
  type RestoreParams,
} from '../../../../src/steps/objects/params.js';
import { objectsRestore } from '../../../../src/steps/objects/restore.js';
import type { ObjectSource } from '../../../../src/steps/objects/source.js';
import { emptySet, type ObjectSet } from '../../../../src/steps/sets/object-set.js';
import { seeSets } from '../../../../src/steps/sets/see-sets.js';
import type { World } from '../../../../src/steps/step.js';
import { builtInKinds } from '../../../bundle/support/api/kinds.js';
import type { ApiServer } from '../../../bundle/support/api/server.js';
import { noOperator } from '../../../support/no-operator.js';

export class Crash extends Error {}

export const BUNDLE = 'b'.repeat(64);

/** Seals as a bundle does as far as a test must see: bound to its place, and not readable. */
const sealed = (place: string, value: Json): string =>
  Buffer.from(JSON.stringify({ place, value })).toString('base64');

/** Objects of a bundle in memory, as the target shall have them. */
export const sourceOf = (objects: readonly KubeObject[]): ObjectSource => {
  const carried = new Map<string, CarriedObject>(
    objects.map((object) => {
      const key = idText(idOf(object));
      const { uid } = object.metadata;
      const references = referencesOf(object);
      return [key, { key, object, references, ...(uid === undefined ? {} : { uid }) }];
    }),
  );
  const byUid = new Map([...carried.values()].map(({ uid, key }) => [uid ?? '', key]));
  return {
    digest: BUNDLE,
    get: (key) => Promise.resolve(ok(carried.get(key))),
    keyOfUid: (uid) => byUid.get(uid),
    seal: sealed,
    open: (place, text) => {
      const opened = JSON.parse(Buffer.from(text, 'base64').toString()) as {
        readonly place: string;
        readonly value: Json;
      };
      return opened.place === place ? opened.value : undefined;
    },
  };
};

export interface WaveOf {
  readonly objects: readonly KubeObject[];
  readonly gates?: readonly Gate[];
  readonly verdict?: (object: KubeObject) => ObjectVerdict;
}

export type Options = Partial<Pick<RestoreParams, 'existing' | 'replicas' | 'cronJobs'>>;

const pluralOf = ({ kind }: KubeObject): string =>
  builtInKinds.find((known) => known.kind === kind)?.plural ?? `${kind.toLowerCase()}s`;

const plannedOf = (object: KubeObject, verdict: ObjectVerdict): PlannedObject => {
  const [first = '', second] = object.apiVersion.split('/');
  return {
    key: idText(idOf(object)),
    verdict,
    ref: {
      group: second === undefined ? '' : first,
      version: second ?? first,
      plural: pluralOf(object),
      namespace: object.metadata.namespace ?? null,
      name: object.metadata.name,
    },
  };
};

const actionOf = (id: string, params: RestoreParams, earlier: readonly string[]): Action => {
  const references = earlier.map((from) => ({ from, output: LEFT_OUTPUT }));
  const step = objectsRestore;
  return {
    id,
    step: step.id,
    title: step.title(params),
    scope: 'cluster',
    role: 'target',
    hosts: [],
    params: { ...params, left: references },
    after: [...earlier],
    changes: [...step.diff(undefined, params)],
    risk: step.risk,
    undo: step.undo,
    replay: step.replay,
    disruptive: false,
    expected: step.expected,
  };
};

export const planWith = (actions: readonly Action[]): Plan => {
  const content = {
    apiVersion: 'drover/v1',
    kind: 'Plan',
    formatVersion: 1,
    tool: 'test',
    realm: 'real',
    cluster: { name: 'target', uid: 'uid-of-b' },
    createdAt: '2026-11-20T10:00:00.000Z',
    specHash: 's',
    identities: {},
    relied: {},
    stages: [{ name: 'restore', goal: 'the bundle in the target', actions: [...actions] }],
    unchanged: {},
    notManaged: [],
    ignored: [],
  } as const;
  return planSchema.parse({ ...content, hash: planHash(content as unknown as Omit<Plan, 'hash'>) });
};

/** A plan of these waves, with the last one that tries again what was left. */
export const restorePlan = (waves: readonly WaveOf[], options: Options = {}): Plan => {
  const ids = waves.map((_, index) => `objects.restore/${index + 1}`);
  const common = { existing: 'fail', replicas: 'keep', cronJobs: 'suspend', ...options } as const;
  const actions = waves.map(({ objects, gates = [], verdict }, index) =>
    actionOf(
      ids[index] ?? '',
      {
        ...common,
        bundle: BUNDLE,
        wave: index + 1,
        objects: objects.map((object) => plannedOf(object, verdict?.(object) ?? 'create')),
        gates: [...gates],
        left: [],
        last: false,
        concurrency: 4,
      },
      ids.slice(0, index),
    ),
  );
  const last: RestoreParams = {
    ...common,
    bundle: BUNDLE,
    wave: waves.length + 1,
    objects: [],
    gates: [],
    left: [],
    last: true,
    concurrency: 4,
  };
  return planWith([...actions, actionOf('objects.restore/last', last, ids)]);
};

/** Back-off ends at once and moves the time; limits of gates never come, unless a test says so. */
export const gateClock = (limits: 'never' | 'at-once' = 'never'): Clock => {
  let time = 0;
  return {
    now: () => time,
    monotonic: () => time,
    delay: (ms, signal) => {
      if (ms < 100_000 || limits === 'at-once') {
        time += ms;
        return Promise.resolve();
      }
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      });
    },
  };
};

export interface Life {
  readonly server: ApiServer;
  readonly source: ObjectSource;
  readonly plan: Plan;
  readonly journal: RunEvent[];
  readonly run?: string;
  /** Journals of other runs, for ways back. */
  readonly journals?: Readonly<Record<string, readonly RunEvent[]>>;
  /** Dies when the journal has so many lines. */
  readonly crashAfter?: number;
  /** Dies after this many writes have reached the API, before the answer of the last one is read. */
  readonly crashAtWrite?: number;
  readonly clock?: Clock;
  readonly told?: string[];
  /** Object sets that are wanted, where the plan is about them. */
  readonly sets?: readonly ObjectSet[];
}

/** An API whose client dies: nothing reaches it afterwards, and nothing comes back. */
const mortal = (kube: Kube, dead: () => boolean, onWrite: () => void): Kube => {
  const guard =
    <Args extends readonly unknown[], T>(call: (...args: Args) => Promise<T>, isWrite = false) =>
    async (...args: Args): Promise<T> => {
      if (dead()) throw new Crash();
      const answer = await call(...args);
      const options = args.at(-1) as { readonly dryRun?: boolean } | undefined;
      if (isWrite && options?.dryRun !== true) onWrite();
      if (dead()) throw new Crash();
      return answer;
    };
  return {
    ...kube,
    get: guard(kube.get.bind(kube)),
    discover: guard(kube.discover.bind(kube)),
    apply: guard(kube.apply.bind(kube), true),
    create: guard(kube.create.bind(kube), true),
    patch: guard(kube.patch.bind(kube), true),
    delete: guard(kube.delete.bind(kube), true),
  };
};

/** What is known of the sets that are wanted, and of those that are no more. */
const worldOf = async ({ sets }: Life, kube: Kube): Promise<World> => {
  if (sets === undefined) return { hosts: new Map() };
  const seen = await seeSets({ kube, signal: new AbortController().signal }, sets, 'all');
  if (!seen.ok) throw new Error(seen.error.message);
  return { hosts: new Map(), sets: new Map(seen.value.map((set) => [set.name, set])) };
};

/** One process life of a run over the API server; dies with {@link Crash} where it is told to. */
export const live = async (life: Life): Promise<RunSummary> => {
  const { server, source, plan, journal, run = 'r1', journals = {} } = life;
  const never = new AbortController().signal;
  let dead = false;
  let writes = 0;
  const kube = mortal(
    server.kube,
    () => dead,
    () => {
      writes += 1;
      dead ||= writes === life.crashAtWrite;
    },
  );
  return runPlan({
    run,
    mode: plan.takesBack === undefined ? 'apply' : 'rollback',
    plan,
    operator: 'me@here',
    fencing: 1,
    past: [...journal],
    concurrency: 4,
    clock: life.clock ?? gateClock(),
    spread: () => 0,
    record: (event) => {
      dead ||= journal.length >= (life.crashAfter ?? Number.POSITIVE_INFINITY);
      if (dead) return Promise.reject(new Crash());
      journal.push(event);
      return Promise.resolve();
    },
    show: (event) => {
      if (event.type === 'action-progress') life.told?.push(event.text);
    },
    ports: {
      step: withUndo(stepOf),
      observe: () => worldOf(life, kube),
      sets: {
        set: (name) => Promise.resolve(ok(life.sets?.find((set) => set.name === name) ?? emptySet(name))),
        sealer: () => Promise.resolve(ok(source)),
      },
      effects: () => Promise.reject(new Error('no hosts here')) as never,
      reads: () => Promise.reject(new Error('no hosts here')) as never,
      operator: () => noOperator,
      kube: () => (dead ? Promise.reject(new Crash()) : Promise.resolve(ok(kube))),
      objects: () => Promise.resolve(ok(source)),
      itemsOf: (of, action) => Promise.resolve(ok(itemsOf(journals[of] ?? [], action))),
      secret: () => Promise.reject(new Error('no secrets')),
      keepSecret: () => Promise.reject(new Error('no secrets')),
    },
    guards: { kind: () => undefined, context: () => ({}) as never },
    replan: () => Promise.reject(new Error('no later stages')),
    mayStart: () => Promise.resolve(undefined),
    soft: never,
    hard: never,
  });
};

/** Lives again and again until one life ends by itself. */
export const survive = async (life: Life): Promise<RunSummary> => {
  try {
    return await live(life);
  } catch (reason) {
    if (!(reason instanceof Crash)) throw reason;
    const { crashAfter: _after, crashAtWrite: _write, ...next } = life;
    return live(next);
  }
};

/** The way back of a run, as it would be planned now. */
export const wayBack = (plan: Plan, journal: readonly RunEvent[], overwrite = false): Plan =>
  undoPlan({
    run: 'r1',
    plan,
    events: journal,
    surveys: new Map(),
    step: stepOf,
    cluster: undefined,
    remaining: [],
    overwrite,
    leaveDamaged: false,
    tool: 'test',
    createdAt: '2026-11-20T11:00:00.000Z',
  }).plan;

const normal = (object: KubeObject, names: ReadonlyMap<string, string>): unknown => {
  const { uid, resourceVersion, creationTimestamp, generation, managedFields, ...metadata } = object.metadata;
  const owners = metadata['ownerReferences'] as readonly { readonly uid: string }[] | undefined;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(owners === undefined
        ? {}
        : { ownerReferences: owners.map((owner) => ({ ...owner, uid: names.get(owner.uid) ?? 'unknown' })) }),
    },
  };
};

/** Everything in the API, without what differs from one life to the next. */
export const contentOf = (server: ApiServer): Readonly<Record<string, unknown>> => {
  const seen = new Map<string, KubeObject>();
  for (const kind of server.store.kinds)
    for (const object of server.store.all(kind)) seen.set(idText(idOf(object)), object);
  const names = new Map([...seen].map(([key, { metadata }]) => [metadata.uid ?? '', key]));
  return Object.fromEntries([...seen].sort().map(([key, object]) => [key, normal(object, names)]));
};

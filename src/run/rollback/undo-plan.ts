import { digest, type Json } from '../../core/canonical.js';
import { replaceReferences } from '../../core/references.js';
import { sentence } from '../../core/text.js';
import { type PlanContent, planOf } from '../../plan/assemble.js';
import { without } from '../../plan/graph.js';
import type { Action, Plan } from '../../plan/model.js';
import { progressOf } from '../progress.js';
import { begunIn } from './begun.js';
import { boundClaims } from './bound-claims.js';
import { changesOf } from './changes.js';
import { departures } from './departures.js';
import { judgeShared } from './shared-things.js';
import { isPending, type Thing } from './survey.js';
import type { UndoInput } from './undo-input.js';
import { type UndoParams, undoStepId } from './undo-step.js';

/** Something on a host about which a person must decide. */
export interface ThingOn {
  readonly host: string;
  readonly thing: Thing;
}

export interface UndoPlan {
  readonly plan: Plan;
  /** Changed by others since the run. */
  readonly foreign: readonly ThingOn[];
  /** What was saved of it cannot be put back. */
  readonly damaged: readonly ThingOn[];
}

const hostsOf = ({ host, hosts }: Action): readonly string[] => (host === undefined ? hosts : [host]);

/** Where an action's things are: on its hosts, or in the cluster of its role. */
const placesOf = (action: Action): readonly string[] =>
  action.role === undefined ? hostsOf(action) : [...hostsOf(action), action.role];

const thingsOf = (input: UndoInput, action: Action): Thing[] =>
  placesOf(action).flatMap((host) => input.surveys.get(host)?.get(action.id) ?? []);

export const undoId = (id: string): string => `undo/${id}`;

/** Data that goes with what is taken back; undefined = none that anybody knows of. */
const lossOf = (input: UndoInput, action: Action, things: readonly Thing[]): string | undefined => {
  const data = things.find(({ kind, now }) => kind === 'script' && now.startsWith('data: '));
  if (data !== undefined) return `deletes ${data.now.slice('data: '.length)}`;
  const volumes = [
    ...things
      .filter(({ kind, now }) => kind === 'object' && now.startsWith('data: '))
      .map(({ name }) => name),
    ...boundClaims(input, action),
  ];
  if (volumes.length > 0) return `deletes the volumes of ${sentence(volumes)}`;
  const ends = action.step === 'k3s.server' && input.remaining.length === 0;
  if (!ends || !things.some(({ kind, verdict }) => kind === 'script' && verdict !== 'saved'))
    return undefined;
  const local = input.cluster?.volumes.length ?? 0;
  if (local > 0) return `the cluster goes with everything in it, ${local} volumes too`;
  const ended = progressOf(input.events).outcome === 'done';
  return ended && input.cluster === undefined
    ? 'the cluster goes with everything in it, and it does not answer to tell what that is'
    : undefined;
};

/** Parameters as the run had them: what earlier actions gave stands where they referred to it. */
const resolved = (input: UndoInput, params: Json): Json => {
  let actions: ReturnType<typeof progressOf>['actions'] | undefined;
  return replaceReferences(params, ({ from, output }) => {
    actions ??= progressOf(input.events).actions;
    const progress = actions.get(from);
    return progress?.state === 'done' ? (progress.outputs[output] ?? null) : null;
  });
};

const undoAction = (input: UndoInput, action: Action, former: Json | undefined): Action => {
  const things = thingsOf(input, action);
  const loss = lossOf(input, action, things);
  const changes = changesOf(things);
  const givesBack = input.step(action.step)?.givesBack === true;
  const params: UndoParams = {
    run: input.run,
    action: action.id,
    params: resolved(input, action.params),
    former: former ?? null,
    overwrite: input.overwrite,
    dataAgreed: loss !== undefined,
    leaveDamaged: input.leaveDamaged,
    saved: Object.fromEntries(progressOf(input.events).saved.get(action.id) ?? []),
  };
  return {
    ...action,
    id: undoId(action.id),
    step: undoStepId(action.step),
    title: `Take back: ${action.title}`,
    params: params as Action['params'],
    after: [],
    changes: changes.length > 0 ? changes : [{ kind: 'run', what: 'the inverse of the step' }],
    risk: loss === undefined ? action.risk : 'high',
    undo: loss === undefined ? action.undo : { kind: 'irreversible', reason: loss },
    replay: 'converges',
    expected: givesBack ? { seconds: action.expected.seconds } : action.expected,
    // Where the whole cluster goes there is no quorum to keep.
    disruptive: action.disruptive && !givesBack && input.remaining.length > 0,
  };
};

/** Former states of cluster-wide actions say nothing once the node, or the whole cluster, is gone. */
const goesWithNode = (input: UndoInput, action: Action, leaving: ReadonlySet<string>): boolean => {
  if (action.scope !== 'cluster') return false;
  if (input.remaining.length === 0 && leaving.size > 0) return true;
  const params: unknown = action.params;
  const node = typeof params === 'object' && params !== null && 'node' in params ? params.node : undefined;
  return typeof node === 'string' && leaving.has(node);
};

/**
 * Each undo waits for the undos of what its action had to wait for in turn, and for the undos of what came later on
 * the same host.
 */
const ordered = (begun: readonly Action[], undone: ReadonlyMap<string, Action>): Action[] => {
  const lastOnHost = new Map<string, string>();
  const nodes = begun.map((action) => {
    const followers = begun.filter(({ after }) => after.includes(action.id)).map(({ id }) => undoId(id));
    const onHost = hostsOf(action).flatMap((host) => lastOnHost.get(host) ?? []);
    for (const host of hostsOf(action)) lastOnHost.set(host, undoId(action.id));
    return { id: undoId(action.id), after: [...new Set([...followers, ...onHost])] };
  });
  const gone = new Set(nodes.map(({ id }) => id).filter((id) => !undone.has(id)));
  return without(nodes, gone).flatMap(({ id, after }) => {
    const action = undone.get(id);
    return action === undefined ? [] : [{ ...action, after: [...after] }];
  });
};

const foreignOf = (input: UndoInput, begun: readonly Action[]): ThingOn[] => {
  const seen = new Set<string>();
  return begun.flatMap((action) =>
    placesOf(action).flatMap((host) =>
      (input.surveys.get(host)?.get(action.id) ?? []).flatMap((thing) => {
        // Several actions may have changed one thing: only the last of them says what the run left.
        const key = `${host} ${thing.kind} ${thing.name}`;
        const first = !seen.has(key);
        seen.add(key);
        return first && thing.verdict === 'foreign' ? [{ host, thing }] : [];
      }),
    ),
  );
};

const damagedOf = (input: UndoInput, begun: readonly Action[]): ThingOn[] =>
  begun.flatMap((action) =>
    hostsOf(action).flatMap((host) =>
      (input.surveys.get(host)?.get(action.id) ?? []).flatMap((thing) =>
        thing.verdict === 'damaged' ? [{ host, thing }] : [],
      ),
    ),
  );

/** Its objects were looked at, and none is as the run left it: going back once more changes nothing. */
const isAsItWas = (input: UndoInput, action: Action): boolean =>
  action.role !== undefined &&
  input.surveys.get(action.role)?.has(action.id) === true &&
  !thingsOf(input, action).some(isPending);

/** Former states, by action. */
type Formers = ReturnType<typeof progressOf>['former'];

const hasInverse = (input: UndoInput, formers: Formers, { id, step }: Action): boolean =>
  input.step(step)?.revert !== undefined && formers.has(id);

/** Judges what several actions have changed as the way back will meet it. */
const withShared = (input: UndoInput, begun: readonly Action[], formers: Formers): UndoInput => {
  const byId = new Map(begun.map((action) => [action.id, action]));
  const surveys = judgeShared(input.surveys, [...byId.keys()], (seen, id) => {
    const action = byId.get(id);
    if (action === undefined || action.undo.kind === 'irreversible') return false;
    return (
      hasInverse(input, formers, action) || thingsOf({ ...input, surveys: seen }, action).some(isPending)
    );
  });
  return { ...input, surveys };
};

/** Whether an action is about an object set. */
export const isAboutSet = ({ params }: Pick<Action, 'params'>, set: string): boolean =>
  typeof params === 'object' && params !== null && 'set' in params && params['set'] === set;

/** Plans the way back of a run from its journal and what the hosts show now. Pure. */
export const undoPlan = (given: UndoInput): UndoPlan => {
  const progress = progressOf(given.events);
  const { only } = given;
  const all = begunIn(given.plan, given.events);
  const begun = only === undefined ? all : all.filter((action) => isAboutSet(action, only));
  const input = withShared(given, begun, progress.former);
  const leaving = new Set(
    begun.flatMap((action) =>
      thingsOf(input, action).some(({ kind, name }) => kind === 'script' && name === 'k3s')
        ? hostsOf(action)
        : [],
    ),
  );
  const undone = new Map<string, Action>();
  const stays: NonNullable<Plan['takesBack']>['stays'] = [];
  const unchanged: Record<string, number> = {};
  for (const action of begun) {
    const former = progress.former.get(action.id);
    const inverse = hasInverse(input, progress.former, action) && !isAsItWas(input, action);
    if (action.undo.kind === 'irreversible')
      stays.push({ action: action.id, title: action.title, reason: action.undo.reason });
    else if (goesWithNode(input, action, leaving)) continue;
    else if (inverse || thingsOf(input, action).some(isPending))
      undone.set(undoId(action.id), undoAction(input, action, former));
    else unchanged[action.step] = (unchanged[action.step] ?? 0) + 1;
  }
  const actions = departures(ordered(begun, undone), input);
  const hosts = [...new Set(actions.flatMap(hostsOf))].sort();
  const places = [...new Set(actions.flatMap(placesOf))].sort();
  const { plan } = input;
  const content: PlanContent = {
    tool: input.tool,
    realm: plan.realm,
    cluster: plan.cluster,
    createdAt: input.createdAt,
    specHash: plan.specHash,
    identities: Object.fromEntries(hosts.map((host) => [host, plan.identities[host] ?? 'unknown'])),
    relied: Object.fromEntries(
      places.map((place) => [`${place}/undo`, digest([...(input.surveys.get(place) ?? [])] as unknown)]),
    ),
    stages: [
      { name: 'rollback', goal: `${only ?? 'everything'} as it was before run ${input.run}`, actions },
    ],
    unchanged,
    notManaged: [],
    ignored: [],
    takesBack: { run: input.run, ...(only === undefined ? {} : { only }), stays },
  };
  return {
    plan: planOf(content),
    foreign: input.overwrite ? [] : foreignOf(input, begun),
    damaged: input.leaveDamaged ? [] : damagedOf(input, begun),
  };
};

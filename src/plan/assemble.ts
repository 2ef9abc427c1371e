import { digest } from '../core/canonical.js';
import type { NetworkChange } from '../diagnosis/change/way.js';
import type { CollectorId, HostFacts } from '../facts/model/host-facts.js';
import { clusterDigest, stableDigest } from '../facts/stable.js';
import { stableOfSet } from '../steps/sets/live-set.js';
import { isCollector, type Read, readsOf, type World } from '../steps/step.js';
import { type BoundStage, bindStage } from './bind.js';
import type { Goal, StageGoal } from './goal.js';
import type { Action, Plan, Stage } from './model.js';

export interface AssembleInput {
  readonly tool: string;
  readonly realm: string;
  readonly cluster: { readonly name: string; readonly uid?: string };
  readonly createdAt: string;
  readonly specHash: string;
  readonly world: World;
  readonly stages: readonly StageGoal[];
  readonly notManaged: readonly string[];
  /** Another cluster network runs than the spec asks for. */
  readonly networkChange?: NetworkChange;
  /** The plan is about this alone. */
  readonly only?: 'network' | undefined;
  readonly ignored: readonly string[];
}

/** Machine identity: the same address with another machine behind it is another host. */
export const hostIdentity = (facts: HostFacts | undefined): string => {
  const identity = facts?.sections.identity?.value;
  return identity === undefined ? 'unknown' : digest([identity.machineId, [...identity.sshHostKeys].sort()]);
};

/** Digest of one object set as it lives, of all of them, or of secrets; `absent` = there was no API to ask. */
const setsDigest = ({ sets, secrets }: World, id: Exclude<Read, CollectorId>): string => {
  if (id === 'secrets') return secrets === undefined ? 'absent' : digest([...secrets]);
  if (sets === undefined) return 'absent';
  const names = id === 'sets' ? [...sets.keys()].sort() : [id.slice('sets/'.length)];
  return digest(names.map((name) => stableOfSet(sets.get(name))));
};

/** Digests of all facts that the goals read, also of goals that already hold: a plan relies on those too. */
export const reliedOn = (goals: readonly Goal[], world: World): Record<string, string> => {
  const relied = new Map<string, string>();
  const rely = (hosts: readonly string[], id: Read): void => {
    if (isCollector(id))
      for (const host of hosts) relied.set(`${host}/${id}`, stableDigest(world.hosts.get(host), id));
    else if (id !== 'cluster' && id !== 'operator') relied.set(id, setsDigest(world, id));
    else if (hosts.length === 0) return;
    else if (id === 'cluster') relied.set(id, clusterDigest(world.cluster));
    else relied.set('kubeconfig', digest(world.operator?.kubeconfig ?? null));
  };
  for (const goal of goals) {
    const hosts = goal.host === undefined ? goal.hosts : [goal.host];
    for (const id of readsOf(goal.step, goal.params)) rely(hosts, id);
  }
  return Object.fromEntries([...relied].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Names of pods come and go; the plan stays the same. */
const unnoted = ({ notes, ...change }: NetworkChange): NetworkChange => change;

/** The hash that `apply` compares and journals name. */
export const planHash = (plan: Omit<Plan, 'hash'>): string => {
  const { createdAt, carries, networkChange, ...rest } = plan;
  const content = networkChange === undefined ? rest : { ...rest, networkChange: unnoted(networkChange) };
  if (carries === undefined) return digest(content);
  const { findings, ...carried } = carries;
  return digest({ ...content, carries: carried });
};

/** What makes one plan another than the next. */
export type PlanContent = Omit<Plan, 'apiVersion' | 'kind' | 'formatVersion' | 'hash'>;

/** A plan of the present format, with its hash. */
export const planOf = (content: PlanContent): Plan => {
  const plan = { apiVersion: 'drover/v1', kind: 'Plan', formatVersion: 1, ...content } as const;
  return { ...plan, hash: planHash(plan) };
};

interface Assembled {
  readonly stages: readonly Stage[];
  readonly unchanged: Readonly<Record<string, number>>;
}

/** A later stage says what it is for and how far it may go; whether it is needed at all is seen now. */
const laterStage = (stage: StageGoal, actions: readonly Action[]): Stage | undefined =>
  stage.goals.length > 0 && actions.length === 0
    ? undefined
    : {
        name: stage.name,
        goal: stage.goal,
        actions: [],
        ...(stage.envelope === undefined ? {} : { envelope: stage.envelope }),
        ...(stage.guards === undefined ? {} : { guards: [...stage.guards] }),
      };

/** Where nothing is done there is nothing to watch over. */
const guardsOver = ({ guards = [] }: StageGoal, actions: readonly Action[]): Pick<Stage, 'guards'> => {
  const ids = new Set(actions.map(({ id }) => id));
  const needed = guards.filter(({ during }) =>
    during.length === 0 ? ids.size > 0 : during.some((id) => ids.has(id)),
  );
  return needed.length === 0 ? {} : { guards: needed };
};

const assembleStages = ({ stages, world }: AssembleInput): Assembled => {
  const unchanged: Record<string, number> = {};
  const result: Stage[] = [];
  let known: BoundStage['outputs'] = new Map();
  for (const stage of stages) {
    const bound = bindStage(stage, world, known);
    known = bound.outputs;
    for (const [step, count] of Object.entries(bound.unchanged))
      unchanged[step] = (unchanged[step] ?? 0) + count;
    const later = stage.envelope === undefined ? undefined : laterStage(stage, bound.actions);
    if (later !== undefined) result.push(later);
    if (stage.envelope !== undefined || (bound.actions.length === 0 && result.length > 0)) continue;
    const guards = guardsOver(stage, bound.actions);
    result.push({ name: stage.name, goal: stage.goal, actions: [...bound.actions], ...guards });
  }
  const filled = result.filter(({ actions, envelope }) => actions.length > 0 || envelope !== undefined);
  // A plan in which everything holds still says what for.
  return { stages: filled.length > 0 ? filled : result.slice(0, 1), unchanged };
};

/** Turns goals and facts into a plan. Pure: the same input gives the same plan, byte for byte. */
export const assemble = (input: AssembleInput): Plan => {
  const { stages, unchanged } = assembleStages(input);
  const goals = input.stages.flatMap((stage) => stage.goals);
  const bound = input.stages.flatMap((stage) => (stage.envelope === undefined ? stage.goals : []));
  const enveloped = input.stages.flatMap((stage) => stage.envelope?.hosts ?? []);
  const hosts = [...new Set([...goals.flatMap((goal) => goal.hosts), ...enveloped])].sort();
  const content: PlanContent = {
    tool: input.tool,
    realm: input.realm,
    cluster: { ...input.cluster },
    createdAt: input.createdAt,
    specHash: input.specHash,
    identities: Object.fromEntries(hosts.map((host) => [host, hostIdentity(input.world.hosts.get(host))])),
    relied: reliedOn(bound, input.world),
    stages: [...stages],
    unchanged,
    notManaged: [...input.notManaged],
    ...(input.only === undefined ? {} : { only: input.only }),
    ...(input.networkChange === undefined ? {} : { networkChange: input.networkChange }),
    ignored: [...input.ignored],
  };
  return planOf(content);
};

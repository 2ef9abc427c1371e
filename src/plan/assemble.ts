import { digest } from '../core/canonical.js';
import type { HostFacts } from '../facts/model/host-facts.js';
import { stableDigest } from '../facts/stable.js';
import type { World } from '../steps/step.js';
import type { Goal, StageGoal } from './goal.js';
import { without } from './graph.js';
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
  readonly ignored: readonly string[];
}

/** Machine identity: the same address with another machine behind it is another host. */
export const hostIdentity = (facts: HostFacts | undefined): string => {
  const identity = facts?.sections.identity?.value;
  return identity === undefined ? 'unknown' : digest([identity.machineId, [...identity.sshHostKeys].sort()]);
};

const toAction = (goal: Goal, world: World): Action => {
  const subject = { hosts: goal.hosts, ...(goal.host === undefined ? {} : { host: goal.host }) };
  const state: unknown = goal.step.observe(world, subject, goal.params);
  return {
    id: goal.id,
    step: goal.step.id,
    title: goal.step.title(goal.params),
    scope: goal.step.scope,
    ...(goal.host === undefined ? {} : { host: goal.host }),
    hosts: [...goal.hosts],
    params: goal.params as Action['params'],
    after: [...goal.after],
    ...(goal.window === undefined ? {} : { window: goal.window }),
    changes: [...goal.step.diff(state, goal.params)],
    risk: goal.step.risk,
    undo: goal.step.undo,
    replay: goal.step.replay,
    disruptive: goal.step.disruptive,
    expected: goal.step.expected,
  };
};

/** Digests of all facts that the goals read, also of goals that already hold: a plan relies on those too. */
export const reliedOn = (goals: readonly Goal[], world: World): Record<string, string> => {
  const relied = new Map<string, string>();
  for (const goal of goals) {
    for (const host of goal.host === undefined ? goal.hosts : [goal.host]) {
      for (const id of goal.step.reads) relied.set(`${host}/${id}`, stableDigest(world.hosts.get(host), id));
    }
  }
  return Object.fromEntries([...relied].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** The hash that `apply` compares and journals name. */
export const planHash = (plan: Omit<Plan, 'hash'>): string => {
  const { createdAt, ...content } = plan;
  return digest(content);
};

/** Turns goals and facts into a plan. Pure: the same input gives the same plan, byte for byte. */
export const assemble = (input: AssembleInput): Plan => {
  const unchanged: Record<string, number> = {};
  const stages = input.stages.map((stage): Stage => {
    const all = stage.goals.map((goal) => toAction(goal, input.world));
    const holding = new Set(all.filter(({ changes }) => changes.length === 0).map(({ id }) => id));
    for (const { id, step } of all) if (holding.has(id)) unchanged[step] = (unchanged[step] ?? 0) + 1;
    return { name: stage.name, goal: stage.goal, actions: without(all, holding) };
  });
  const goals = input.stages.flatMap((stage) => stage.goals);
  const hosts = [...new Set(goals.flatMap((goal) => goal.hosts))].sort();
  const content: Omit<Plan, 'hash'> = {
    apiVersion: 'drover/v1',
    kind: 'Plan',
    formatVersion: 1,
    tool: input.tool,
    realm: input.realm,
    cluster: { ...input.cluster },
    createdAt: input.createdAt,
    specHash: input.specHash,
    identities: Object.fromEntries(hosts.map((host) => [host, hostIdentity(input.world.hosts.get(host))])),
    relied: reliedOn(goals, input.world),
    stages: stages.filter(({ actions }, index) => index === 0 || actions.length > 0),
    unchanged,
    notManaged: [...input.notManaged],
    ignored: [...input.ignored],
  };
  return { ...content, hash: planHash(content) };
};

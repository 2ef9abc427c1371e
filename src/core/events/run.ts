import { z } from 'zod';

/** Shapes of the events of a run; together with `type` they are members of the event union. */
const action = { run: z.string(), action: z.string() };

/** What was watched while a run went on, of one kind: pairs of pods, hosts to pods, Services, DNS, outside. */
const outageGroupSchema = z.strictObject({
  kind: z.enum(['pod', 'host', 'clusterip', 'dns', 'out']),
  subjects: z.number().int(),
  /** How many of them had an outage at all. */
  interrupted: z.number().int(),
  /** Over those that had one: the longest of each. */
  medianMs: z.number(),
  longestMs: z.number(),
  /** All outages together of the subject with the most. */
  totalMs: z.number(),
  /** Whose the longest was. */
  worst: z.string().optional(),
});

export const failureClassSchema = z.enum(['permanent', 'transient', 'unsafe', 'person']);

export const runShapes = {
  'run-start': {
    run: z.string(),
    mode: z.enum(['apply', 'restore', 'rollback']),
    plan: z.string(),
    realm: z.string(),
    cluster: z.string(),
    operator: z.string(),
    /** Grows with every holder of the lock; remote changes of a lower number are refused (invariant 4). */
    fencing: z.number().int(),
    /** True when an earlier process began this run. */
    resumed: z.boolean(),
  },
  'stage-start': {
    run: z.string(),
    stage: z.string(),
    goal: z.string(),
    actions: z.number().int(),
    /** The actions of a stage that was planned when it started; resume goes on with exactly these. */
    planned: z.array(z.json()).optional(),
    /** Digest of a plan outside the stage's envelope that a person agreed to. */
    accepted: z.string().optional(),
  },
  /** On disk before the effect starts (invariant 2). */
  'action-intent': {
    ...action,
    step: z.string(),
    title: z.string(),
    host: z.string().optional(),
    attempt: z.number().int(),
  },
  'action-checkpoint': {
    ...action,
    value: z.json(),
    /** The value is the state that the action found, written down for the way back; the first one of an action counts. */
    former: z.boolean().optional(),
  },
  /** What an action saved on a host before it changed things there: the last one counts. The contents stay on the host. */
  'action-saved': {
    ...action,
    host: z.string(),
    /** Lines of the host's list of saved things, and their SHA-256; the lines hold the digests of saved contents. */
    things: z.number().int().positive(),
    digest: z.string(),
  },
  /** Names a batch of items with their former states before any of them is touched (fixed point e). */
  'items-intent': {
    ...action,
    batch: z.number().int(),
    items: z.array(z.strictObject({ key: z.string(), before: z.json() })),
  },
  'items-done': {
    ...action,
    batch: z.number().int(),
    results: z.array(z.strictObject({ key: z.string(), ok: z.boolean(), detail: z.string().optional() })),
  },
  'action-progress': { ...action, host: z.string().optional(), text: z.string() },
  'action-done': {
    ...action,
    /** `changed` = effects were made, `held` = the goal already held when the action came. */
    result: z.enum(['changed', 'held']),
    outputs: z.record(z.string(), z.json()),
    proof: z.string(),
    durationMs: z.number(),
  },
  'action-failed': {
    ...action,
    class: failureClassSchema,
    code: z.string(),
    message: z.string(),
    host: z.string().optional(),
    attempt: z.number().int(),
    /** Another attempt follows. */
    retrying: z.boolean(),
    durationMs: z.number(),
  },
  'action-skipped': { ...action, reason: z.string() },
  'guard-breach': {
    run: z.string(),
    guard: z.string(),
    detail: z.string(),
    decision: z.enum(['stop', 'pause', 'rollback']),
  },
  /** What the network cost those who use it, by continuous probes; before the end of the run. */
  outages: {
    run: z.string(),
    groups: z.array(outageGroupSchema),
    /** The same while the pods of one node were recreated with nothing changed. */
    control: z.array(outageGroupSchema).optional(),
    /** Nodes from which nothing is known. */
    unwatched: z.array(z.string()),
  },
  'run-done': {
    run: z.string(),
    outcome: z.enum(['done', 'stopped', 'failed', 'rolled-back', 'paused']),
    /** What state the world is in, why, how to go on, how to go back (invariant 5). */
    state: z.string(),
    why: z.string().optional(),
    next: z.string().optional(),
    back: z.string().optional(),
    done: z.number().int(),
    failed: z.number().int(),
    open: z.number().int(),
    durationMs: z.number(),
  },
} as const;

export type RunEventType = keyof typeof runShapes;
export type RunEvent = {
  [Type in RunEventType]: { readonly type: Type } & z.infer<
    z.ZodObject<(typeof runShapes)[Type], z.core.$strict>
  >;
}[RunEventType];

import { z } from 'zod';
import { checkShapes } from './check.js';
import { findingSchema, severitySchema } from './finding.js';
import { matrixSchema } from './matrix.js';
import { runShapes } from './run.js';
import { serviceSchema } from './service.js';
import { verdictSchema } from './verdict.js';

const locationSchema = z.strictObject({
  file: z.string(),
  line: z.number().int().positive(),
  column: z.number().int().positive(),
  length: z.number().int().positive().optional(),
  text: z.string().optional(),
});

export const errorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  host: z.string().optional(),
  location: locationSchema.optional(),
  label: z.string().optional(),
  cause: z.string().optional(),
  state: z.string().optional(),
  hint: z.string().optional(),
});

/** Stations of the pipeline that report progress. */
export const phaseSchema = z.enum([
  'lab-prepare',
  'lab-boot',
  'lab-cluster',
  'lab-stop',
  'export',
  'restore',
  'connect',
  'facts',
  'probes',
  'diagnosis',
  'apply',
  'verify',
]);
export type Phase = z.infer<typeof phaseSchema>;

const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });

/**
 * Everything that Drover reports while it works: one closed union that the journal stores, `-o jsonl` prints
 * and every renderer draws. A new member is a compile error until all renderers handle it.
 */
export const eventSchema = z.discriminatedUnion('type', [
  event('version', { interface: z.string(), tool: z.string(), realm: z.string() }),
  event('phase-start', { phase: phaseSchema, title: z.string(), total: z.number().int().optional() }),
  event('phase-done', { phase: phaseSchema, title: z.string(), durationMs: z.number() }),
  event('host-start', { phase: phaseSchema, host: z.string() }),
  event('host-progress', { phase: phaseSchema, host: z.string(), text: z.string() }),
  event('host-done', { phase: phaseSchema, host: z.string(), durationMs: z.number(), text: z.string() }),
  event('host-failed', { phase: phaseSchema, host: z.string(), durationMs: z.number(), error: errorSchema }),
  event('waiting', { what: z.string(), sinceMs: z.number(), last: z.string().optional() }),
  event('note', { level: z.enum(['info', 'warning']), text: z.string(), host: z.string().optional() }),
  event('diagnostic', { severity: severitySchema, error: errorSchema }),
  event('finding', { finding: findingSchema }),
  event('matrix', { matrix: matrixSchema }),
  event('service', { service: serviceSchema }),
  event('verdict', { verdict: verdictSchema }),
  event('doctor-summary', {
    hosts: z.number().int(),
    unreachable: z.array(z.string()),
    errors: z.number().int(),
    warnings: z.number().int(),
    infos: z.number().int(),
    ignored: z.array(z.string()),
    /** Questions that stayed without an answer: where it is not 0, silence is no proof. */
    notMeasured: z.number().int().optional(),
    durationMs: z.number(),
    /** Set when saved facts were diagnosed: the time at which they were measured, ISO 8601. */
    measuredAt: z.string().optional(),
    factsFile: z.string().optional(),
    next: z.string(),
  }),
  event('run-start', runShapes['run-start']),
  event('stage-start', runShapes['stage-start']),
  event('action-intent', runShapes['action-intent']),
  event('action-checkpoint', runShapes['action-checkpoint']),
  event('action-saved', runShapes['action-saved']),
  event('items-intent', runShapes['items-intent']),
  event('items-done', runShapes['items-done']),
  event('action-progress', runShapes['action-progress']),
  event('action-done', runShapes['action-done']),
  event('action-failed', runShapes['action-failed']),
  event('action-skipped', runShapes['action-skipped']),
  event('guard-breach', runShapes['guard-breach']),
  event('outages', runShapes.outages),
  event('run-done', runShapes['run-done']),
  event('check-result', checkShapes['check-result']),
  event('verify-summary', checkShapes['verify-summary']),
]);
export type DroverEvent = z.infer<typeof eventSchema>;
export type EventType = DroverEvent['type'];

/** Durable events belong into a journal; transient ones (progress, output) only to whoever watches. */
export const EVENT_CLASS: Readonly<Record<EventType, 'durable' | 'transient'>> = {
  version: 'durable',
  'phase-start': 'transient',
  'phase-done': 'transient',
  'host-start': 'transient',
  'host-progress': 'transient',
  'host-done': 'transient',
  'host-failed': 'durable',
  waiting: 'transient',
  note: 'transient',
  diagnostic: 'durable',
  finding: 'durable',
  matrix: 'durable',
  service: 'durable',
  verdict: 'durable',
  'doctor-summary': 'durable',
  'run-start': 'durable',
  'stage-start': 'durable',
  'action-intent': 'durable',
  'action-checkpoint': 'durable',
  'action-saved': 'durable',
  'items-intent': 'durable',
  'items-done': 'durable',
  'action-progress': 'transient',
  'action-done': 'durable',
  'action-failed': 'durable',
  'action-skipped': 'durable',
  'guard-breach': 'durable',
  outages: 'durable',
  'run-done': 'durable',
  'check-result': 'durable',
  'verify-summary': 'durable',
};

/** Where events go. Must not throw and must not wait. */
export type Emit = (event: DroverEvent) => void;

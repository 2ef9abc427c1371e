import { z } from 'zod';
import { count, printable, sentence } from '../core/text.js';
import type { Look } from './patience.js';

/** What Prometheus must look at: a job, and how many there must be at least. */
export interface WantedJob {
  readonly name: string;
  readonly least: number;
}

const targetsSchema = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        labels: z.object({
          job: z.string(),
          instance: z.string().default(''),
          node: z.string().optional(),
        }),
        health: z.string(),
        lastError: z.string().default(''),
      }),
    ),
  }),
});
export type Targets = z.infer<typeof targetsSchema>['data']['activeTargets'];

const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            name: z.string(),
            health: z.string(),
            lastError: z.string().default(''),
            labels: z.record(z.string(), z.string()).default({}),
            alerts: z
              .array(
                z.object({
                  state: z.string(),
                  annotations: z.record(z.string(), z.string()).default({}),
                }),
              )
              .default([]),
          }),
        ),
      }),
    ),
  }),
});
export type Rules = z.infer<typeof rulesSchema>['data']['groups'][number]['rules'];

/** Prometheus' answer about its targets; throws on anything else. */
export const parseTargets = (text: string): Targets =>
  targetsSchema.parse(JSON.parse(text)).data.activeTargets;

/** Prometheus' answer about its rules; throws on anything else. */
export const parseRules = (text: string): Rules =>
  rulesSchema.parse(JSON.parse(text)).data.groups.flatMap(({ rules }) => rules);

const wordsOf = ({ labels, health, lastError }: Targets[number]): string => {
  const where = labels.node ?? labels.instance;
  const why = lastError === '' ? health : printable(lastError).slice(0, 160);
  return `${where} (${why})`;
};

/** One job: as many as there must be, and all of them give figures. */
export const lookAtJob = ({ name, least }: WantedJob, targets: Targets): Look => {
  const own = targets.filter(({ labels }) => labels.job === name);
  const down = own.filter(({ health }) => health !== 'up');
  if (down.length > 0) return { good: false, detail: `no figures: ${sentence(down.map(wordsOf))}` };
  return own.length < least
    ? { good: false, detail: `${own.length} of ${least} are known to Prometheus` }
    : { good: true, detail: count(own.length, 'target') };
};

/** Every alert is loaded and was worked out without an error. */
export const lookAtRules = (alerts: readonly string[], rules: Rules): Look => {
  const known = new Set(rules.map(({ name }) => name));
  const missing = alerts.filter((name) => !known.has(name));
  if (missing.length > 0) return { good: false, detail: `not known: ${sentence(missing)}` };
  const broken = rules.filter(({ health }) => health !== 'ok');
  if (broken.length === 0) return { good: true, detail: `${count(alerts.length, 'alert')}, all worked out` };
  const words = broken.map(({ name, health, lastError }) => `${name} (${printable(lastError) || health})`);
  return { good: false, detail: `not worked out: ${sentence(words)}` };
};

/** What fires: critical alerts say that something is broken now, others are told. */
export const lookAtAlerts = (rules: Rules): Look => {
  const firing = rules.flatMap(({ name, labels, alerts }) =>
    alerts
      .filter(({ state }) => state === 'firing')
      .map(({ annotations }) => ({
        critical: labels['severity'] === 'critical',
        text: `${name}: ${printable(annotations['summary'] ?? '')}`,
      })),
  );
  const critical = firing.filter((each) => each.critical);
  if (critical.length > 0)
    return { good: false, detail: critical.map(({ text }) => text).join('; '), final: true };
  return firing.length === 0
    ? { good: true, detail: 'none fires' }
    : { good: true, detail: `none; warnings: ${firing.map(({ text }) => text).join('; ')}` };
};

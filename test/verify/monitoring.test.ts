import { expect, it } from 'vitest';
import {
  lookAtAlerts,
  lookAtJob,
  lookAtRules,
  parseRules,
  parseTargets,
} from '../../src/verify/monitoring.js';

const target = (node: string, health: string, lastError = ''): object => ({
  labels: { job: 'kubelet', instance: 'a', node },
  health,
  lastError,
});
const targets = (...activeTargets: readonly object[]) =>
  parseTargets(JSON.stringify({ status: 'success', data: { activeTargets } }));
const rule = (name: string, more: object = {}): object => ({ name, health: 'ok', type: 'alerting', ...more });
const rules = (...list: readonly object[]) =>
  parseRules(JSON.stringify({ data: { groups: [{ rules: list }] } }));
const firing = (severity: string): object => ({
  labels: { severity },
  alerts: [
    { state: 'firing', annotations: { summary: 'w1 is\u001b[31m lost' } },
    { state: 'pending', annotations: { summary: 'w2 perhaps' } },
  ],
});

it('is good when all targets of a job give figures, and there are as many as nodes', () => {
  const job = { name: 'kubelet', least: 2 };
  expect(lookAtJob(job, targets(target('n1', 'up'), target('n2', 'up')))).toEqual({
    good: true,
    detail: '2 targets',
  });
  expect(lookAtJob(job, targets(target('n1', 'up')))).toMatchObject({
    good: false,
    detail: '1 of 2 are known to Prometheus',
  });
  expect(
    lookAtJob(job, targets(target('n1', 'up'), target('n2', 'down', 'connection refused'))),
  ).toMatchObject({
    good: false,
    detail: 'no figures: n2 (connection refused)',
  });
});

it('names alerts that Prometheus does not know, or cannot work out', () => {
  expect(lookAtRules(['A', 'B'], rules(rule('A')))).toMatchObject({ good: false, detail: 'not known: B' });
  expect(lookAtRules(['A'], rules(rule('A', { health: 'err', lastError: 'many-to-many' })))).toMatchObject({
    good: false,
    detail: 'not worked out: A (many-to-many)',
  });
  expect(lookAtRules(['A'], rules(rule('A'))).good).toBe(true);
});

it('fails for critical alerts that fire, at once and without their control characters; tells warnings', () => {
  const lost = lookAtAlerts(rules(rule('NodeLost', firing('critical'))));
  expect(lost).toMatchObject({ good: false, final: true });
  expect(lost.detail).toMatch(/^NodeLost: w1 is.* lost$/);
  expect(lost.detail).not.toContain('\u001b');
  expect(lookAtAlerts(rules(rule('Disk', firing('warning'))))).toMatchObject({ good: true });
  expect(lookAtAlerts(rules(rule('Disk')))).toEqual({ good: true, detail: 'none fires' });
});

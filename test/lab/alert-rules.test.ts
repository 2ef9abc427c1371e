import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { buildProgram } from '../../src/lab/build/program.js';
import { PROMTOOL } from '../../src/lab/build/programs.js';
import { monitoringSchema } from '../../src/spec/schema/monitoring.js';
import type { Source } from '../../src/steps/monitoring/alerts/alert.js';
import { alertGroups } from '../../src/steps/monitoring/alerts/index.js';
import { boards } from '../../src/steps/monitoring/dashboards/index.js';
import { prometheusConfig } from '../../src/steps/monitoring/prometheus.js';
import { ruleFile } from '../../src/steps/monitoring/rule-file.js';
import { keybuzz } from '../steps/apps/rig.js';
import { type AlertCase, alertCases } from '../steps/monitoring/alert-cases.js';
import { systemClock } from '../support/ports.js';

const ALL = new Set<Source>(['etcd', 'state', 'ingress', 'logs', 'postgres', 'redis', 'rabbitmq', 'minio']);
const THRESHOLDS = monitoringSchema.parse({}).alerts;
const names = alertGroups.flatMap(({ alerts }) => alerts.map(({ name }) => name));

let folder = '';
let tool = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-rules-'));
  await writeFile(join(folder, 'rules.yml'), ruleFile(ALL, THRESHOLDS));
  const built = await buildProgram(PROMTOOL, {
    env: process.env,
    emit: () => undefined,
    clock: systemClock,
    signal: new AbortController().signal,
  });
  if (!built.ok) throw new Error(built.error.message);
  tool = built.value.path;
}, 1_800_000);
afterAll(() => rm(folder, { recursive: true }));

const promtool = async (...command: readonly string[]) =>
  execa(tool, command, { cwd: folder, reject: false, all: true });

/** How many of an alert fire at the end of a case. */
const tests = (which: 'fires' | 'quiet', expected: (name: string, given: AlertCase) => readonly object[]) =>
  Object.entries(alertCases).map(([name, given]) => ({
    name: `${name} ${which}`,
    interval: '1m',
    input_series: Object.entries(given[which]).map(([series, values]) => ({ series, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${name}",alertstate="firing"})`,
        eval_time: `${given.minutes ?? 30}m`,
        exp_samples: expected(name, given),
      },
    ],
  }));

describe('real promtool', () => {
  it('takes the rules of every alert, and the configuration of the example with all that it looks at', async () => {
    const rules = await promtool('check', 'rules', '--lint=all', '--lint-fatal', 'rules.yml');
    expect(rules.exitCode, rules.all).toBe(0);
    expect(rules.stdout).toMatch(new RegExp(`SUCCESS: ${names.length + 2} rules found`));
    const written = prometheusConfig({ cluster: keybuzz, nodes: [] });
    // Files of pods are not there on this machine.
    await writeFile(join(folder, 'prometheus.yml'), written.replaceAll('/etc/prometheus/', ''));
    const config = await promtool('check', 'config', '--syntax-only', 'prometheus.yml');
    expect(config.exitCode, config.all).toBe(0);
    await writeFile(join(folder, 'broken.yml'), written.replace('scrape_interval', 'scrape_intervall'));
    expect((await promtool('check', 'config', '--syntax-only', 'broken.yml')).exitCode).not.toBe(0);
  });

  it('sees every alert fire in its case, and stay quiet in one near by', async () => {
    expect(Object.keys(alertCases).toSorted()).toEqual(names.toSorted());
    const file = {
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        ...tests('fires', () => [{ labels: '{}', value: 1 }]),
        ...tests('quiet', () => []),
        {
          name: 'the words of an alert',
          interval: '1m',
          input_series: [{ series: 'up{job="kubelet",node="w1",instance="a"}', values: '0x10' }],
          alert_rule_test: [
            {
              eval_time: '5m',
              alertname: 'NodeLost',
              exp_alerts: [
                {
                  exp_labels: { severity: 'critical', job: 'kubelet', node: 'w1', instance: 'a' },
                  exp_annotations: {
                    summary: 'the kubelet of w1 does not answer',
                    runbook: alertGroups
                      .flatMap(({ alerts }) => alerts)
                      .find(({ name }) => name === 'NodeLost')?.runbook,
                  },
                },
              ],
            },
          ],
        },
      ],
    };
    await writeFile(join(folder, 'tests.yml'), stringify(file, { lineWidth: 0 }));
    const done = await promtool('test', 'rules', 'tests.yml');
    expect(done.exitCode, done.all).toBe(0);
  });

  it('understands every query of every dashboard', async () => {
    const queries = boards.flatMap(({ uid, panels }) =>
      panels
        .filter(({ from }) => from !== 'loki')
        .flatMap((panel) => panel.queries.map(({ expr }) => ({ uid, title: panel.title, expr }))),
    );
    const rules = queries.map(({ expr, uid, title }, index) => ({
      record: `dashboard:query:n${index}`,
      expr,
      labels: { dashboard: uid, panel: title },
    }));
    await writeFile(
      join(folder, 'queries.yml'),
      stringify({ groups: [{ name: 'queries', rules }] }, { lineWidth: 0 }),
    );
    const done = await promtool('check', 'rules', 'queries.yml');
    expect(done.exitCode, done.all).toBe(0);
    expect(done.stdout).toContain(`SUCCESS: ${queries.length} rules found`);
  });
});

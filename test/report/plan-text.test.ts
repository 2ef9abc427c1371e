import { describe, expect, it } from 'vitest';
import type { Action, Plan } from '../../src/plan/model.js';
import { planText } from '../../src/report/plan-text.js';

const STYLE = { color: false, unicode: true, columns: 80 };

const action = (part: Partial<Action> & Pick<Action, 'step' | 'host' | 'title'>): Action => ({
  id: `${part.step}/${part.host ?? ''}`,
  scope: 'host',
  hosts: [part.host ?? ''],
  params: {},
  after: [],
  changes: [],
  risk: 'low',
  undo: { kind: 'restorePoint' },
  replay: 'exact',
  disruptive: false,
  expected: { seconds: 2 },
  ...part,
});

const plan = (actions: readonly Action[]): Plan => ({
  apiVersion: 'drover/v1',
  kind: 'Plan',
  formatVersion: 1,
  tool: '0.1.0',
  realm: 'real',
  cluster: { name: 'shop' },
  createdAt: '2026-11-21T10:00:00.000Z',
  specHash: 'a'.repeat(64),
  identities: {},
  relied: {},
  stages: [{ name: 'build', goal: 'a K3s cluster', actions: [...actions] }],
  unchanged: { 'host.swap': 3 },
  notManaged: ['spec.vault'],
  ignored: [],
  hash: 'b'.repeat(64),
});

const shown = (actions: readonly Action[], full = false): string =>
  `\n${planText(STYLE, plan(actions), { next: 'drover apply', full })}`;

const modules = (host: string): Action =>
  action({
    step: 'host.modules',
    host,
    title: 'Load kernel modules',
    changes: [
      { kind: 'add', what: '/etc/modules-load.d/drover.conf', after: '0644' },
      { kind: 'run', what: 'modprobe overlay' },
    ],
  });

describe('a plan on a terminal', () => {
  it('tells once what happens on several hosts, in waves, with price and way back', () => {
    const server = action({
      step: 'k3s.server',
      host: 'm-1',
      title: 'Start the K3s server',
      after: ['host.modules/m-1'],
      changes: [
        { kind: 'change', what: 'k3s.service', before: 'off', after: 'on' },
        { kind: 'add', what: '/etc/rancher/k3s/token', sensitive: true },
      ],
      risk: 'medium',
      disruptive: true,
      undo: { kind: 'irreversible', reason: 'etcd keeps what is written' },
      expected: { seconds: 15, interruption: 'the API of m-1' },
    });
    expect(shown([...['m-1', 'w-1', 'w-2'].map(modules), server])).toMatchInlineSnapshot(`
      "
      Cluster shop  real · plan bbbbbbbbbbbb · drover 0.1.0

      build: a K3s cluster
      wave 1
        Load kernel modules on all 3 hosts
            + /etc/modules-load.d/drover.conf: 0644
            > modprobe overlay
              about 2.0 s
      wave 2
        Start the K3s server on m-1
            ~ k3s.service: off → on
            + /etc/rancher/k3s/token: (sensitive)
              irreversible: etcd keeps what is written · interrupts: the API of m-1 ·
              risk medium · one at a time, quorum checked before · about 15 s

        – spec.vault: not managed by this version

      Plan: 4 to add, 1 to change, 0 to destroy, 3 to run on 3 hosts; 1 irreversible;
      about 17 s; 3 unchanged; 1 not managed.
      Apply it:  drover apply
      "
    `);
  });

  it('names the hosts when they are not all, and each apart when everything is asked for', () => {
    const other = action({ step: 'host.swap', host: 'm-1', title: 'Switch swap off' });
    const actions = [modules('w-1'), modules('w-2'), modules('w-3'), other];
    expect(shown(actions)).toContain('Load kernel modules on w-1…3');
    expect(shown(actions, true)).toContain('Load kernel modules on w-2\n');
  });

  it('says that nothing is to be done', () => {
    expect(shown([])).toMatchInlineSnapshot(`
      "
        – spec.vault: not managed by this version
      No changes: 3 goals of shop hold already.
      "
    `);
  });
});

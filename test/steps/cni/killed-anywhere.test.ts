import { describe, expect, it } from 'vitest';
import type { StageGoal } from '../../../src/plan/goal.js';
import { cniSwitch } from '../../../src/steps/cni/switch.js';
import { Crash, goalOf, live, madeUp, planOf } from '../../run/made-up.js';
import { noOperator } from '../../support/no-operator.js';
import { addressOf, INPUT, Killed, NODES, networkBench, nodeOf, pod } from './support/network-bench.js';

/** Three nodes with an agent and a bare pod each, and two replicas. */
const shop = () => {
  const bench = networkBench();
  for (const node of NODES) {
    bench.put(pod(`log-${node}`, node, 'DaemonSet'));
    bench.put(pod(`bare-${node}`, node));
  }
  bench.put(pod('web-1', 'a1', 'ReplicaSet'));
  bench.put(pod('web-2', 'a2', 'ReplicaSet'));
  return bench;
};

/** One node after another, as the plan has them. */
const stages: readonly StageGoal[] = [
  {
    name: 'nodes',
    goal: 'every node in the network beside',
    goals: NODES.map((node, index) => ({
      ...goalOf(cniSwitch, node, {
        params: {
          driver: 'lab-daemonset',
          input: INPUT,
          node,
          cordon: true,
          prove: 'all',
          image: 'busybox',
          limitSeconds: 10,
        },
      }),
      after: index === 0 ? [] : [`cni.switch/${NODES[index - 1] ?? ''}`],
    })),
  },
];

interface Kill {
  readonly at: number;
  /** The line is on disk, but nobody is there any more to go on. */
  readonly written: boolean;
}

/** One process life; dies at a line of the journal. */
const oneLife = (bench: ReturnType<typeof shop>, journal: ReturnType<typeof madeUp>, kill?: Kill) => {
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Crash();
  };
  const ports = bench.ports(() => dead);
  const none = (): never => {
    throw new Error('not here');
  };
  return live(journal, {
    plan: planOf(stages),
    stages,
    part: {
      record: (event) => {
        if (dead || (kill !== undefined && !kill.written && journal.journal.length >= kill.at)) die();
        journal.journal.push(event);
        if (kill?.written === true && journal.journal.length >= kill.at) die();
        return Promise.resolve();
      },
      ports: {
        step: (id) => (id === cniSwitch.id ? cniSwitch : undefined),
        ...ports,
        operator: () => noOperator,
        objects: none,
        itemsOf: none,
        secret: none,
        keepSecret: none,
      },
    },
  });
};

const lives = async (kill?: Kill) => {
  const bench = shop();
  const journal = madeUp();
  let crashed = false;
  try {
    await oneLife(bench, journal, kill);
  } catch (reason) {
    if (!(reason instanceof Crash || reason instanceof Killed)) throw reason;
    crashed = true;
  }
  const summary = kill === undefined ? undefined : await oneLife(bench, journal);
  return { bench, journal: journal.journal, crashed, summary };
};

describe('a change of the network of three nodes', () => {
  it.each([
    ['before a line is written', false],
    ['when a line was just written', true],
  ])('ends as undisturbed after a kill at every point of its journal, %s', async (_when, written) => {
    const calm = await lives();
    const points = calm.journal.length;
    expect(points).toBeGreaterThan(12);
    for (const one of calm.bench.pods('default')) expect(addressOf(one)).toMatch(/^10\.42\.128\./);
    for (let at = written ? 1 : 0; at < points; at += 1) {
      const { bench, crashed, summary } = await lives({ at, written });
      expect(crashed, `line ${at}`).toBe(true);
      expect(summary?.event, `line ${at}`).toMatchObject({ outcome: 'done', open: 0 });
      expect(bench.state(), `line ${at}: ${bench.told.join('; ')}`).toEqual(calm.bench.state());
      expect(new Set(bench.pods('default').map(nodeOf)).size).toBe(3);
    }
  });
});

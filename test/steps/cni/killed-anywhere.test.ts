import { describe, expect, it } from 'vitest';
import type { StageGoal } from '../../../src/plan/goal.js';
import type { Plan } from '../../../src/plan/model.js';
import { undoPlan } from '../../../src/run/rollback/undo-plan.js';
import { withUndo } from '../../../src/run/rollback/undo-step.js';
import { cniSwitch } from '../../../src/steps/cni/switch.js';
import type { AnyStep } from '../../../src/steps/step.js';
import { Crash, goalOf, live, madeUp, planOf } from '../../run/made-up.js';
import { plainUndo } from '../../run/plain-undo.js';
import { noOperator } from '../../support/no-operator.js';
import { Killed, networkBench } from './support/network-bench.js';
import { INPUT, NODES } from './support/nodes.js';
import { addressOf, nodeOf, pod } from './support/pods.js';

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

const stepOf = (id: string): AnyStep | undefined => (id === cniSwitch.id ? cniSwitch : undefined);

/** A run, or the way back from it, with its journal. */
interface Course {
  readonly plan: Plan;
  readonly run: string;
  readonly journal: ReturnType<typeof madeUp>;
}

const forth = (): Course => ({ plan: planOf(stages), run: 'r', journal: madeUp() });

const backFrom = ({ plan, journal }: Course): Course => ({
  plan: undoPlan({ ...plainUndo, plan, events: journal.journal, surveys: new Map(), step: stepOf }).plan,
  run: 'r2',
  journal: madeUp(),
});

/** One process life; dies at a line of the journal. */
const oneLife = (bench: ReturnType<typeof shop>, { plan, run, journal }: Course, kill?: Kill) => {
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
    plan,
    stages,
    part: {
      run,
      mode: plan.takesBack === undefined ? 'apply' : 'rollback',
      record: (event) => {
        if (dead || (kill !== undefined && !kill.written && journal.journal.length >= kill.at)) die();
        journal.journal.push(event);
        if (kill?.written === true && journal.journal.length >= kill.at) die();
        return Promise.resolve();
      },
      ports: {
        step: withUndo(stepOf),
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

/** Whether the process died on its way. */
const dies = async (bench: ReturnType<typeof shop>, course: Course, kill?: Kill): Promise<boolean> => {
  try {
    await oneLife(bench, course, kill);
    return false;
  } catch (reason) {
    if (!(reason instanceof Crash || reason instanceof Killed)) throw reason;
    return true;
  }
};

const MOMENTS = [
  ['before a line is written', false],
  ['when a line was just written', true],
] as const;

const pointsOf = ({ journal }: Course, written: boolean): readonly number[] =>
  journal.journal.map((_line, index) => (written ? index + 1 : index)).slice(0, written ? -1 : undefined);

/** Where each owner's pods are told by their network alone: replicas may go to another node. */
const stateOf = (bench: ReturnType<typeof shop>): readonly string[] =>
  bench
    .state()
    .map((line) =>
      line.replace(/^(web) on .*(10\.42\.)(\d+)$/, (_all, name, range, third) =>
        Number(third) < 128 ? `${name} in ${range}former` : `${name} in ${range}new`,
      ),
    );

describe('a change of the network of three nodes', () => {
  it.each(MOMENTS)(
    'ends as undisturbed after a kill at every point of its journal, %s',
    async (_when, written) => {
      const calm = shop();
      const undisturbed = forth();
      expect(await dies(calm, undisturbed)).toBe(false);
      const points = pointsOf(undisturbed, written);
      expect(points.length).toBeGreaterThan(12);
      for (const one of calm.pods('default')) expect(addressOf(one)).toMatch(/^10\.42\.128\./);
      for (const at of points) {
        const bench = shop();
        const course = forth();
        expect(await dies(bench, course, { at, written }), `line ${at}`).toBe(true);
        const { event } = await oneLife(bench, course);
        expect(event, `line ${at}`).toMatchObject({ outcome: 'done', open: 0 });
        expect(bench.state(), `line ${at}: ${bench.told.join('; ')}`).toEqual(calm.state());
        expect(new Set(bench.pods('default').map(nodeOf)).size).toBe(3);
      }
    },
  );

  it.each(MOMENTS)('is taken back after a kill at every point of its journal, %s', async (_when, written) => {
    const undisturbed = forth();
    await dies(shop(), undisturbed);
    for (const at of pointsOf(undisturbed, written)) {
      const bench = shop();
      const before = stateOf(bench);
      const course = forth();
      await dies(bench, course, { at, written });
      const { event } = await oneLife(bench, backFrom(course));
      expect(event, `line ${at}`).toMatchObject({ outcome: 'rolled-back', open: 0 });
      expect(stateOf(bench), `line ${at}: ${bench.told.join('; ')}`).toEqual(before);
    }
  });

  it.each(MOMENTS)(
    'is as it was after a way back that is killed at every point of its journal, %s',
    async (_when, written) => {
      const there = async () => {
        const bench = shop();
        const before = stateOf(bench);
        const course = forth();
        await dies(bench, course);
        return { bench, before, back: backFrom(course) };
      };
      const calm = await there();
      await dies(calm.bench, calm.back);
      const points = pointsOf(calm.back, written);
      expect(points.length).toBeGreaterThan(6);
      for (const at of points) {
        const { bench, before, back } = await there();
        expect(await dies(bench, back, { at, written }), `line ${at}`).toBe(true);
        const { event } = await oneLife(bench, back);
        expect(event, `line ${at}`).toMatchObject({ outcome: 'rolled-back', open: 0 });
        expect(stateOf(bench), `line ${at}: ${bench.told.join('; ')}`).toEqual(before);
      }
    },
  );
});

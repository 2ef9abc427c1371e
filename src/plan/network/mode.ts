import { driverOf } from '../../facts/cni/drivers.js';
import { cniUp } from '../../steps/cni/up.js';
import { setsApply } from '../../steps/sets/apply.js';
import type { Goal, StageGoal } from '../goal.js';
import { ipsetSteps } from '../ipset-goals.js';
import { residueStage } from './residue.js';
import { type Change, membersOf, saveGoal, upGoals, watched } from './second.js';
import type { Situation } from './situation.js';
import { type Phase, phasesLeft } from './turn.js';

/** Name of the stage of each phase. */
export const MODE_STAGES: Readonly<Record<Phase, string>> = {
  both: 'both tunnels',
  turn: 'turn',
  settle: 'settle',
};

const goalOf = ({ asked: { driver, carriage } }: Change, phase: Phase): string => {
  const { title } = driverOf(driver);
  switch (phase) {
    case 'both':
      return `agents of ${title} have the tunnel of ${carriage} beside the one that packets take`;
    case 'turn':
      return `packets go by ${carriage}`;
    case 'settle':
      return `${title} carries packets by ${carriage}, and its agents are told of nothing else`;
  }
};

const later = (change: Change, phase: Phase): StageGoal => ({
  name: MODE_STAGES[phase],
  goal: goalOf(change, phase),
  goals: [],
  envelope: {
    steps: [...ipsetSteps(change.members.cluster), setsApply.id, cniUp.id],
    hosts: membersOf(change.members.cluster).map(({ name }) => name),
    highestRisk: setsApply.risk === 'high' ? 'high' : 'medium',
    irreversible: false,
  },
});

const goalsOf = (change: Change, phase: Phase, first: readonly Goal[]): readonly Goal[] => [
  ...first,
  ...upGoals(
    change,
    first.map(({ id }) => id),
    `/${phase}`,
  ),
];

type ModeSituation = Extract<Situation, { readonly kind: 'mode' }>;

/** Another way for the packets of a network whose agents Drover has put there; each phase is proven on every host. */
export const modeStages = (change: Change, situation: ModeSituation): readonly StageGoal[] => {
  const { members, asked } = change;
  const [now, ...rest] = phasesLeft(members.world, situation);
  if (now === undefined) return [];
  const stage = {
    name: MODE_STAGES[now],
    goal: goalOf(change, now),
    goals: goalsOf(change, now, [saveGoal(change)]),
  };
  return [
    watched(change, stage),
    ...rest.map((phase) => watched(change, later(change, phase))),
    residueStage(members, asked),
  ];
};

/** The phase that comes next, when its stage starts. */
export const laterModeStages = (change: Change, situation: ModeSituation): readonly StageGoal[] => {
  const [now] = phasesLeft(change.members.world, situation);
  return now === undefined
    ? []
    : [{ ...watched(change, later(change, now)), goals: goalsOf(change, now, []) }];
};

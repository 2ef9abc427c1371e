import type { CniMode } from '../../facts/cni/driver.js';
import { drivers } from '../../facts/cni/drivers.js';
import type { RecipeInput } from '../../steps/cni/recipe.js';
import type { World } from '../../steps/step.js';
import type { Situation } from './situation.js';

/** What is done one after another when a network shall carry packets another way. */
export type Phase = 'both' | 'turn' | 'settle';

/**
 * Calico: agents get both tunnels, then pools get the new mode, then the former tunnel goes: nobody is cut off because its
 * agent starts. Cilium: all agents start with the new mode at once. Flannel’s agents read their settings, and that is all.
 */
const PHASES: Readonly<Record<string, readonly Phase[]>> = {
  calico: ['both', 'turn', 'settle'],
  cilium: ['turn', 'settle'],
  flannel: ['settle'],
};

type Mode = Extract<Situation, { readonly kind: 'mode' }>;

const plain = (carriage: string): string => carriage.split('/')[0] ?? '';

/** The mode that packets came from, wherever the change stands. */
export const formerMode = ({ from, asked }: Pick<Mode, 'from' | 'asked'>): CniMode | undefined => {
  const told = (from.carriage ?? '').split(' with ').map(plain);
  const modes = drivers.flatMap(({ encapsulations }) => encapsulations.map(({ mode }) => mode));
  const other = told.find((one) => one !== asked.mode && modes.some((mode) => mode === one));
  const { mode } = from;
  return modes.find((one) => one === other) ?? (mode === asked.mode ? undefined : mode);
};

/** Agents that are all there, as they are told: one that is just started again is not. */
const isReady = (world: World, { from }: Mode): boolean =>
  (world.cluster?.workloads ?? []).every(
    ({ carriage, ready, wanted }) => carriage !== from.carriage || ready === wanted,
  );

/** What is still to be done, first things first. Pure. */
export const phasesLeft = (world: World, situation: Mode): readonly Phase[] => {
  const { asked, from } = situation;
  const former = formerMode(situation);
  // Bare within a subnet or not: pools say it, and agents have all that they need.
  if (former === undefined && asked.cni !== 'cilium') return ['settle'];
  const phases = PHASES[asked.cni] ?? ['settle'];
  if (from.carriage === `${asked.carriage} with ${former ?? asked.mode}`) return ['settle'];
  const both = from.carriage === `${former ?? ''} with ${asked.carriage}` && isReady(world, situation);
  return both ? phases.filter((phase) => phase !== 'both') : phases;
};

/** What agents are told of the mode that goes, in the phase that comes now; undefined = nothing any more. Pure. */
export const turnOf = (world: World, situation: Situation): RecipeInput['turn'] => {
  if (situation.kind !== 'mode') return undefined;
  const [phase] = phasesLeft(world, situation);
  const from = formerMode(situation) ?? situation.asked.mode;
  return phase === undefined || phase === 'settle' ? undefined : { from, done: phase === 'turn' };
};

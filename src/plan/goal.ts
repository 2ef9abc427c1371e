import type { Json } from '../core/canonical.js';
import type { AnyStep } from '../steps/step.js';
import type { Envelope, Guard } from './model.js';

/** Something that shall hold in the end: a step with parameters for a subject. Assembling turns goals into actions. */
export interface Goal {
  readonly id: string;
  readonly step: AnyStep;
  readonly params: Json;
  readonly host?: string;
  readonly hosts: readonly string[];
  readonly after: readonly string[];
  readonly window?: { readonly group: string; readonly size: number };
  readonly role?: 'source' | 'target';
  /** Instead of what the step expects, where this cluster makes a difference. */
  readonly expected?: AnyStep['expected'];
}

export interface StageGoal {
  readonly name: string;
  readonly goal: string;
  readonly goals: readonly Goal[];
  readonly guards?: readonly Guard[];
  /**
   * Makes it a later stage: it is not bound to facts now, but planned again when it starts. Its goals as far as they
   * are known decide whether it is needed at all; none = it is needed.
   */
  readonly envelope?: Envelope;
}

/** `k3s.server/k3s-master-01`: stable over re-planning, so that plans can be compared and runs resumed. */
export const goalId = (step: AnyStep, where: string): string => `${step.id}/${where}`;

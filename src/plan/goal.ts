import type { Json } from '../core/canonical.js';
import type { AnyStep } from '../steps/step.js';

/** Something that shall hold in the end: a step with parameters for a subject. Assembling turns goals into actions. */
export interface Goal {
  readonly id: string;
  readonly step: AnyStep;
  readonly params: Json;
  readonly host?: string;
  readonly hosts: readonly string[];
  readonly after: readonly string[];
  readonly window?: { readonly group: string; readonly size: number };
}

export interface StageGoal {
  readonly name: string;
  readonly goal: string;
  readonly goals: readonly Goal[];
}

/** `k3s.server/k3s-master-01`: stable over re-planning, so that plans can be compared and runs resumed. */
export const goalId = (step: AnyStep, where: string): string => `${step.id}/${where}`;

import type { Action, Envelope } from './model.js';

const RISKS = ['none', 'low', 'medium', 'high'] as const;

const above = (risk: Action['risk'], highest: Envelope['highestRisk']): boolean =>
  RISKS.indexOf(risk) > RISKS.indexOf(highest);

/**
 * What of a stage that was just planned lies outside of what the plan allowed it to become (fixed point b), one
 * sentence each. Empty = the stage may begin.
 */
export const outsideEnvelope = (actions: readonly Action[], envelope: Envelope): string[] =>
  actions.flatMap((action) => [
    ...(envelope.steps.includes(action.step)
      ? []
      : [`${action.id}: ${action.step} is no step of this stage`]),
    ...(action.host === undefined ? action.hosts : [action.host])
      .filter((host) => !envelope.hosts.includes(host))
      .map((host) => `${action.id}: ${host} is no host of this stage`),
    ...(above(action.risk, envelope.highestRisk)
      ? [`${action.id}: its risk is ${action.risk}, at most ${envelope.highestRisk} was agreed to`]
      : []),
    ...(action.undo.kind === 'irreversible' && !envelope.irreversible
      ? [`${action.id}: it cannot be taken back (${action.undo.reason})`]
      : []),
  ]);

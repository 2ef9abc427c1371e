/**
 * Why a step did not succeed, classed for the executor (invariant 6): `permanent` stops the action in seconds,
 * `transient` may be tried again within bounds, `unsafe` stops the whole run, `person` pauses it.
 */
export interface StepFailure {
  readonly class: 'permanent' | 'transient' | 'unsafe' | 'person';
  /** Code of an error catalogue. */
  readonly code: string;
  readonly message: string;
  readonly host?: string;
  readonly cause?: string;
  readonly hint?: string;
}

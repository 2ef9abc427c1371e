/** Exit codes of the command line (design.md §4). The key is the reason, the value the process's exit code. */
export const EXIT = {
  ok: 0,
  failure: 1,
  changes: 2,
  'verification-failed': 3,
  'rolled-back': 4,
  stopped: 5,
  paused: 6,
  spec: 10,
  preflight: 11,
  ssh: 12,
  kubernetes: 13,
  auth: 14,
  stale: 15,
  locked: 16,
  usage: 64,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitReason = keyof typeof EXIT;

export const EXIT_MEANING: Readonly<Record<ExitReason, string>> = {
  ok: 'done, nothing left to do',
  failure: 'failed for a reason that has no code of its own',
  changes: 'changes are present (only with --detailed-exitcode)',
  'verification-failed': 'verification failed',
  'rolled-back': 'failed and rolled back',
  stopped: 'stopped part-way, can be resumed',
  paused: 'paused: a person must decide',
  spec: 'the spec is invalid',
  preflight: 'the doctor found errors, or a preflight check refused',
  ssh: 'a host cannot be reached over SSH',
  kubernetes: 'the Kubernetes API failed',
  auth: 'authentication or authorisation failed',
  stale: 'the plan no longer fits the world',
  locked: 'another run holds the lock',
  usage: 'wrong usage of the command line',
  interrupted: 'interrupted (SIGINT)',
  terminated: 'terminated (SIGTERM)',
};

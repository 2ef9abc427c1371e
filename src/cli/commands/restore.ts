import { defineCommand } from '../command.js';
import { fileFlag, putBackFlag } from '../flags.js';
import {
  breakLockFlag,
  confirmFlag,
  onFailureFlag,
  planArgument,
  resumeFlag,
  yesFlag,
} from '../run-limits.js';

export const restore = defineCommand({
  name: 'restore',
  summary: 'Put a bundle’s objects into another cluster, wave by wave',
  description: `Plans as \`drover plan\` does for a spec of kind Migration, shows the plan, asks, and runs it: objects are written in waves, each after
what it needs is there, with strict validation, and every write stands in a journal before it is made. An object that the target refuses is left
out with what depends on it; everything else goes on. With FILE it restores a saved plan, and only while bundle and target are those that it was
made for. Ctrl-C lets running requests finish; \`--resume\` goes on after any kind of end; \`drover rollback RUN -f SPEC\` removes what the run
made and puts back what it changed. The lock is a Lease in the target; plan and journal are kept here alone.`,
  arguments: [planArgument],
  flags: [
    fileFlag,
    yesFlag,
    confirmFlag('Agree to actions that cannot be taken back, by naming the migration'),
    putBackFlag,
    resumeFlag('a run'),
    {
      name: 'ignore',
      value: 'CODE',
      repeatable: true,
      env: 'DROVER_IGNORE',
      summary: 'Plan although this finding stands against it; the plan records it',
    },
    onFailureFlag,
    breakLockFlag,
  ],
  examples: [
    { command: 'drover restore -f migration.yaml', text: 'Plan, show, ask, restore' },
    { command: 'drover restore plan.json -f migration.yaml --yes', text: 'Exactly this plan, or nothing' },
    { command: 'drover restore -f migration.yaml --resume', text: 'Go on where the last run ended' },
    { command: 'drover restore -f migration.yaml --put-back', text: 'Start what was restored at rest' },
  ],
  exits: ['rolled-back', 'stopped', 'paused', 'spec', 'preflight', 'kubernetes', 'auth', 'stale', 'locked'],
  entersLab: true,
  load: () => import('./restore.run.js'),
});

import { defineCommand } from '../command.js';
import { fileFlag, imageFlag } from '../flags.js';
import {
  breakLockFlag,
  concurrencyFlag,
  confirmFlag,
  onFailureFlag,
  onlyFlag,
  planArgument,
  resumeFlag,
  yesFlag,
} from '../run-limits.js';

export const apply = defineCommand({
  name: 'apply',
  summary: 'Change the hosts until the cluster is as the spec wants it',
  description: `Plans, shows the plan, asks, and runs it: every change is written to a journal before it is made, made by a named unit on the
host, and proven afterwards. With FILE it applies a saved plan, and only while the world is the one that it was made for. Ctrl-C
lets running actions finish; \`--resume\` goes on after any kind of end, also from another machine: the servers keep copies of plan,
journal and sealed secrets, so the spec and an identity that opens the secrets are enough. DROVER_STATE_DIR names the folder of runs.`,
  arguments: [planArgument],
  flags: [
    fileFlag,
    yesFlag,
    confirmFlag('Agree to actions that cannot be taken back, by naming the cluster'),
    resumeFlag('a run'),
    {
      name: 'ignore',
      value: 'CODE',
      repeatable: true,
      env: 'DROVER_IGNORE',
      summary: 'Plan although the doctor found this error; the plan records it',
    },
    onFailureFlag,
    concurrencyFlag,
    {
      name: 'limit',
      value: 'HOST|ROLE',
      repeatable: true,
      env: 'DROVER_LIMIT',
      summary: 'Only these hosts, or servers, or agents; what waits for others is left out',
    },
    onlyFlag,
    imageFlag,
    breakLockFlag,
    {
      name: 'accept',
      value: 'DIGEST',
      summary: 'Go on with a stage that left its envelope, as the paused run named it',
    },
  ],
  examples: [
    {
      command: 'drover apply -f examples/keybuzz/drover.yaml --lab --yes',
      text: 'Build the example on the lab',
    },
    { command: 'drover apply plan.json --yes', text: 'Exactly this plan, or nothing' },
    { command: 'drover apply --resume', text: 'Go on where the last run ended' },
  ],
  exits: ['rolled-back', 'stopped', 'paused', 'spec', 'preflight', 'ssh', 'auth', 'stale', 'locked'],
  entersLab: true,
  load: () => import('./apply.run.js'),
});

import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';
import { breakLockFlag, concurrencyFlag } from '../run-limits.js';

export const apply = defineCommand({
  name: 'apply',
  summary: 'Change the hosts until the cluster is as the spec wants it',
  description: `Plans, shows the plan, asks, and runs it: every change is written to a journal before it is made, made by a named unit on the
host, and proven afterwards. With FILE it applies a saved plan, and only while the world is the one that it was made for. Ctrl-C
lets running actions finish; \`--resume\` goes on after any kind of end, also from another machine: the servers keep copies of plan,
journal and sealed secrets, so the spec and an identity that opens the secrets are enough. DROVER_STATE_DIR names the folder of runs.`,
  arguments: [
    { name: 'plan', required: false, summary: 'A plan that `drover plan --out` saved', complete: 'file' },
  ],
  flags: [
    fileFlag,
    { name: 'yes', short: 'y', env: 'DROVER_YES', summary: 'Do not ask before changing anything' },
    {
      name: 'confirm',
      value: 'REALM/NAME',
      env: 'DROVER_CONFIRM',
      summary: 'Agree to actions that cannot be taken back, by naming the cluster',
    },
    {
      name: 'resume',
      value: 'RUN',
      optionalValue: true,
      summary: 'Go on with a run that did not end; default: the newest',
    },
    {
      name: 'ignore',
      value: 'CODE',
      repeatable: true,
      env: 'DROVER_IGNORE',
      summary: 'Plan although the doctor found this error; the plan records it',
    },
    {
      name: 'on-failure',
      value: 'WHAT',
      choices: ['stop', 'rollback'],
      default: 'stop',
      summary: 'What follows a failure: stop, resumable, or take everything back at once',
    },
    concurrencyFlag,
    {
      name: 'limit',
      value: 'HOST|ROLE',
      repeatable: true,
      env: 'DROVER_LIMIT',
      summary: 'Only these hosts, or servers, or agents; what waits for others is left out',
    },
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

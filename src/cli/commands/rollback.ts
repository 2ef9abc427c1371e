import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';
import { breakLockFlag, concurrencyFlag, confirmFlag, resumeFlag, yesFlag } from '../run-limits.js';

export const rollback = defineCommand({
  name: 'rollback',
  summary: 'Take a run back: hosts return to the state that the run found',
  description: `Makes a new plan from the run's journal and from what the hosts show now, shows it, asks, and runs it like any plan: under the
lock, with a journal of its own, resumable. Files come back with content, owner and mode, units, kernel settings, packages and firewall rules as they
were; K3s goes from hosts that had none. What cannot be taken back is listed with the reason and stays. Something that others have changed since, or whose saved
state is damaged, pauses it before anything is touched. With a spec of kind Migration it takes a restore back: objects that the run made go, by
their UID, and those that it changed become what they were. What a run found is kept on the hosts in /var/lib/drover/RUN (mode 0700), its digests in
the journal; once everything is proven to be back, it is removed from the hosts. Journals and plans stay in the folder of runs.`,
  arguments: [
    { name: 'run', required: false, summary: 'Id of the run; default: the newest of this cluster' },
  ],
  flags: [
    fileFlag,
    yesFlag,
    confirmFlag('Agree to what deletes data or endangers the cluster, by naming it'),
    {
      name: 'only',
      value: 'NAME',
      summary: 'Take one object set back alone: application/NAMESPACE/NAME, chart/NAMESPACE/NAME',
    },
    { name: 'leave-damaged', summary: 'Leave things as they are whose saved state is damaged' },
    { name: 'overwrite', summary: 'Put the former state back also where others have changed it since' },
    resumeFlag('a way back'),
    concurrencyFlag,
    breakLockFlag,
  ],
  examples: [
    { command: 'drover rollback', text: 'Show what the newest run changed, ask, and take it back' },
    { command: 'drover rollback 20261121-101500-3fa9 --yes', text: 'A certain run, without asking' },
    {
      command: 'drover rollback --only application/keybuzz/keybuzz-api',
      text: 'An application of the newest run that does not get ready; the rest stays',
    },
    { command: 'drover rollback --resume', text: 'Go on with a way back that was stopped or paused' },
  ],
  exits: ['stopped', 'paused', 'spec', 'preflight', 'ssh', 'auth', 'stale', 'locked'],
  entersLab: true,
  load: () => import('./rollback.run.js'),
});

import { defineErrors } from '../../core/error.js';

/** What going back can refuse, by code. */
export const rollbackErrors = defineErrors({
  'rollback-foreign': {
    title: 'Others have changed what a run left',
    exit: 'paused',
    explain:
      'Going back puts files, units and settings back to what they were before the run. Some of them are neither what the run left nor what it found: somebody changed them since, and going back would lose that.\n\nLook at what differs. `drover rollback --overwrite` puts the former state back all the same.',
  },
  'rollback-damaged': {
    title: 'What a run saved is damaged',
    exit: 'paused',
    explain:
      'Before an action changes something, its host keeps what was there in `/var/lib/drover/RUN` (mode 0700), with a digest of each content; the journal keeps the digest of that list. Here they do not fit any more: a file there was changed, lost, or the disk is failing. Nothing of it is put back, and nothing was touched.\n\nPut the named things back by hand as they were (from a backup, or another host) and roll back again: what is as it was found needs nothing saved. Or leave them as they are now with `--leave-damaged`; everything else goes back.',
  },
  'rollback-data': {
    title: 'Going back would delete data',
    exit: 'paused',
    explain:
      'Volumes of the local-path provisioner lie below K3s’ own folder and would go with it. Nothing was deleted on that host. Copy the data, or roll back again and agree by naming the cluster.',
  },
  'rollback-not-put-back': {
    title: 'Something could not be put back',
    exit: 'stopped',
    explain:
      'The host could not bring everything back that a run had changed. The message names what. What was put back stays so; mend the cause and run `drover rollback` again.',
  },
  'rollback-hosts-unseen': {
    title: 'A host that a run changed cannot be looked at',
    exit: 'ssh',
    explain:
      'What a run found is kept on the hosts themselves, so each of them is asked before a way back is planned. Make the hosts reachable and try again. Nothing was changed.',
  },
  'rollback-other-machine': {
    title: 'Another machine stands where a run changed one',
    exit: 'stale',
    explain:
      'The machine behind the address is not the one that the run changed: its machine id or SSH host keys differ. There is nothing to take back on it.',
  },
  'rollback-no-set': {
    title: 'A run has nothing of the object set that shall be taken back',
    exit: 'usage',
    explain:
      '`drover rollback --only NAME` takes a single object set of a run back: an application (`application/NAMESPACE/NAME`), a chart (`chart/NAMESPACE/NAME`). The run named did not touch one of this name. `drover runs show` lists what it did.',
  },
  'run-partly-taken-back': {
    title: 'A part of the run was taken back, so it cannot be gone on with',
    exit: 'usage',
    explain:
      'An object set of this run was taken back by `drover rollback --only`. The journal of the run has its objects as done, so going on would leave them out. `drover apply` makes a new plan from what is there now.',
  },
  'rollback-newer-run': {
    title: 'A later run changed the cluster',
    exit: 'usage',
    explain:
      'Runs are taken back from the newest to the oldest: what an earlier run found is older than what a later one changed. Roll the later run back first.',
  },
});

import { defineErrors } from '../core/error.js';

/** Failures of steps, by code. */
export const stepErrors = defineErrors({
  'host-write-failed': {
    title: 'Drover cannot write on a host',
    exit: 'stopped',
    explain:
      'A file could not be written on the host: the disk is full, the file system is read-only, or a file is protected.\n\nThe action changed nothing that its restore point does not know. Free some space or lift the protection, then `drover apply --resume`.',
  },
  'host-no-systemd': {
    title: 'A host has no systemd',
    exit: 'stopped',
    explain:
      'Drover runs its changes as transient systemd units, so that a lost connection neither kills nor doubles them. Hosts without systemd are not supported.',
  },
  'host-unit-lost': {
    title: 'A change on a host ended without telling how',
    exit: 'stopped',
    explain:
      'The unit that made a change is gone and left no result: the host lost power, or somebody stopped the unit. Resume looks at the host again and repeats only what does not hold yet.',
  },
  'host-input-cut': {
    title: 'The connection broke while a change was being sent',
    exit: 'stopped',
    explain:
      'Changes read all their input before their first effect, so nothing was changed. The change is sent again.',
  },
  'run-fenced-off': {
    title: 'Another run holds this cluster',
    exit: 'locked',
    explain:
      'Every holder of the lock has a higher number than those before it, and hosts refuse changes of a lower number. This run lost its lock, so it was stopped at its next change.\n\n`drover runs` shows who holds the cluster.',
  },
  'upload-source-changed': {
    title: 'A file changed between plan and upload',
    exit: 'stale',
    explain: 'The file on the operator’s machine is not the one that the plan was made for. Plan again.',
  },
  'k3s-start-failed': {
    title: 'K3s does not start',
    exit: 'stopped',
    explain:
      'The K3s service ended with an error that waiting does not cure. The message holds K3s’ own last words. Mend the cause, then `drover apply --resume`.',
  },
  'k3s-not-ready': {
    title: 'K3s is not ready in time',
    exit: 'stopped',
    explain:
      'The service runs, but the node did not become ready (or its etcd member no voter) within the time limit. Drover never wipes a host because it is slow: the service goes on, and `drover apply --resume` looks again.',
  },
  'command-failed': {
    title: 'A command on a host failed',
    exit: 'stopped',
    explain: 'A command of a step ended with an error; the message holds its last words.',
  },
});

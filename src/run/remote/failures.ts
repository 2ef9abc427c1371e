import type { TransportFailure, TransportFailureKind } from '../../core/ports/transport.js';
import type { CommandOutput } from '../../steps/effects.js';
import type { StepFailure } from '../../steps/failure.js';

const CLASS: Readonly<Record<TransportFailureKind, StepFailure['class']>> = {
  unreachable: 'transient',
  refused: 'transient',
  'timed-out': 'transient',
  'mux-lost': 'transient',
  cancelled: 'permanent',
  auth: 'permanent',
  'host-key-changed': 'unsafe',
  'host-key-unknown': 'permanent',
  'sudo-refused': 'permanent',
  'output-limit': 'permanent',
  protocol: 'permanent',
  'no-client': 'permanent',
};

/** A host that cannot be reached may come back; a changed host key may be another machine: the run stops. */
export const failureOfTransport = (failure: TransportFailure): StepFailure => ({
  class: CLASS[failure.kind],
  code: `ssh-${failure.kind}`,
  host: failure.host,
  message: failure.detail,
});

/** Exit statuses that the wrapper scripts keep for themselves (see unit.sh, fence.sh, upload.sh, confirm.sh). */
const WRAPPER: Readonly<Record<number, Pick<StepFailure, 'class' | 'code' | 'message'>>> = {
  70: { class: 'transient', code: 'host-unit-lost', message: 'the unit ended without a result' },
  71: { class: 'permanent', code: 'host-no-systemd', message: 'the host has no systemd' },
  73: { class: 'permanent', code: 'host-write-failed', message: 'the host cannot write' },
  74: {
    class: 'transient',
    code: 'host-input-cut',
    message: 'the connection broke while data was on its way; nothing was changed',
  },
  76: {
    class: 'transient',
    code: 'host-put-back',
    message: 'no new connection in time, so the host has put back what was there before',
  },
  77: { class: 'transient', code: 'host-systemd-silent', message: 'systemd does not say what runs' },
  75: { class: 'unsafe', code: 'run-fenced-off', message: 'another run holds this cluster now' },
};

/** The failure that a wrapper's status stands for; undefined when it is the script's own. */
export const failureOfStatus = (output: CommandOutput, host: string): StepFailure | undefined => {
  const known = WRAPPER[output.status];
  return known === undefined
    ? undefined
    : { ...known, host, message: `${host}: ${known.message}`, cause: output.stderr.trim() };
};

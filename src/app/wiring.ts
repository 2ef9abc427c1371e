import type { Emit } from '../core/events/event.js';
import type { Realm, RealmPaths } from '../core/realm.js';
import { realmName } from '../core/realm.js';
import { systemClock } from '../system/clock.js';
import { systemFiles } from '../system/files.js';
import { systemRandom } from '../system/random.js';
import { createOpenSshTransport } from '../transport/openssh.js';
import { sshInstruments } from './doctor/instruments.js';
import type { DoctorTools } from './doctor/tools.js';
import { toolVersion } from './version.js';

/** Where and for whom a use case runs. */
export interface Setting {
  readonly realm: Realm;
  readonly paths: RealmPaths;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** The doctor's tools as they are outside of tests: OpenSSH, the machine's clock, disk and randomness. */
export const doctorTools = ({ realm, paths, emit, signal }: Setting): DoctorTools => {
  const transport = createOpenSshTransport({ paths, clock: systemClock, random: systemRandom });
  return {
    instruments: sshInstruments({ transport, clock: systemClock, random: systemRandom, emit, signal }),
    files: systemFiles,
    clock: systemClock,
    emit,
    signal,
    tool: toolVersion(),
    realm: realmName(realm),
    stateDir: paths.stateDir,
  };
};

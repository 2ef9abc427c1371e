import { hostname, userInfo } from 'node:os';
import { join, relative } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { realmName } from '../../core/realm.js';
import { err, ok, type Result } from '../../core/result.js';
import { loadIdentity } from '../../secrets/identity.js';
import { openSecrets } from '../../secrets/store.js';
import type { Migration } from '../../spec/migration.js';
import { systemClock } from '../../system/clock.js';
import { systemFiles } from '../../system/files.js';
import { systemRandom } from '../../system/random.js';
import { createOpenSshTransport } from '../../transport/openssh.js';
import { type BundleSetting, bundleTools } from '../bundle/wiring.js';
import type { OperatorMachine } from '../cluster/operator/machine.js';
import type { ClusterTools } from '../cluster/tools.js';
import { identityPath } from '../cluster/wiring.js';
import { sshInstruments } from '../doctor/instruments.js';
import { toolVersion } from '../version.js';
import type { MigrationTools } from './tools.js';

export interface MigrationSetting extends BundleSetting {
  readonly migration: Migration;
  readonly hard: AbortSignal;
}

const notHere = (): never => {
  throw new Error('a migration neither looks at the operator’s machine nor changes it');
};

/** Plans of migrations have no step that looks at the operator’s machine or changes it. */
const noMachine: OperatorMachine = {
  see: notHere,
  effects: () => ({
    kubeconfig: notHere,
    ask: notHere,
    artifactDigest: notHere,
    secretHandles: notHere,
    editKubeconfig: notHere,
    fetch: notHere,
    dropArtifact: notHere,
  }),
};

/** Tools of a migration as they are outside of tests. No hosts belong to it, so nothing is ever run over SSH. */
export const migrationTools = async (
  setting: MigrationSetting,
): Promise<Result<MigrationTools, DroverError>> => {
  const { realm, paths, emit, signal, hard, migration } = setting;
  const bundle = await bundleTools(setting);
  if (!bundle.ok) return bundle;
  const identity = await loadIdentity(identityPath(setting));
  if (!identity.ok) return err({ ...identity.error, state: 'nothing was changed' });
  const transport = createOpenSshTransport({ paths, clock: systemClock, random: systemRandom });
  const secretsFile = join(paths.stateDir, `${migration.name}.secrets`);
  const { identity: own, recipient } = identity.value;
  const recipients = [...new Set([recipient, ...migration.spec.secrets.recipients])];
  const cluster: ClusterTools = {
    transport,
    instruments: sshInstruments({ transport, clock: systemClock, random: systemRandom, emit, signal }),
    clock: systemClock,
    random: systemRandom,
    files: systemFiles,
    machine: noMachine,
    secretsFile,
    secrets: openSecrets({ path: secretsFile, identity: own, recipients }),
    emit,
    soft: signal,
    hard,
    realm: realmName(realm),
    stateDir: paths.stateDir,
    tool: toolVersion(),
    operator: `${userInfo().username}@${hostname()}`,
  };
  return ok({ bundle: bundle.value, cluster, spec: relative(process.cwd(), migration.file) });
};

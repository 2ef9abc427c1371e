import { hostname, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { realmName } from '../../core/realm.js';
import { err, ok, type Result } from '../../core/result.js';
import { loadIdentity } from '../../secrets/identity.js';
import { openSecrets } from '../../secrets/store.js';
import type { Cluster } from '../../spec/cluster.js';
import { systemClock } from '../../system/clock.js';
import { systemFiles } from '../../system/files.js';
import { systemRandom } from '../../system/random.js';
import { createOpenSshTransport } from '../../transport/openssh.js';
import { sshInstruments } from '../doctor/instruments.js';
import { toolVersion } from '../version.js';
import type { Setting } from '../wiring.js';
import { labApps } from './apps/app-sets.js';
import { renderChart } from './charts/render.js';
import { kubeconfigParams } from './kubeconfig-params.js';
import { kubeconfigPath } from './operator/kubeconfig-file.js';
import { operatorMachine } from './operator/machine.js';
import { setSource } from './sets/set-source.js';
import type { ClusterTools } from './tools.js';

export interface ClusterSetting extends Setting {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cluster: Cluster;
  readonly hard: AbortSignal;
}

/** The operator's own identity; a lab has one of its own, so that its secrets open nothing real. */
export const identityPath = ({
  realm,
  paths,
  env,
}: Pick<ClusterSetting, 'realm' | 'paths' | 'env'>): string => {
  if (realm.kind === 'lab') return join(paths.stateDir, 'identity.txt');
  const config =
    env['XDG_CONFIG_HOME']?.startsWith('/') === true
      ? env['XDG_CONFIG_HOME']
      : join(env['HOME'] ?? '/root', '.config');
  return join(config, 'drover', 'identity.txt');
};

const storePath = ({ realm, paths, cluster }: ClusterSetting): string =>
  realm.kind === 'lab'
    ? join(paths.stateDir, `${cluster.name}.secrets`)
    : resolve(dirname(cluster.file), cluster.spec.secrets.file);

const ONE_RECIPIENT =
  'secrets can be opened by one identity alone; add a second public key to spec.secrets.recipients, or keep a copy of';

/** Tools for planning and running as they are outside of tests. */
export const clusterTools = async (setting: ClusterSetting): Promise<Result<ClusterTools, DroverError>> => {
  const { realm, paths, emit, signal, cluster } = setting;
  const path = identityPath(setting);
  const identity = await loadIdentity(path);
  if (!identity.ok) return err({ ...identity.error, state: 'nothing was changed' });
  const recipients = [...new Set([identity.value.recipient, ...cluster.spec.secrets.recipients])];
  if (recipients.length === 1 && realm.kind === 'real')
    emit({ type: 'note', level: 'warning', text: `${ONE_RECIPIENT} ${path}` });
  const secrets = openSecrets({ path: storePath(setting), identity: identity.value.identity, recipients });
  const transport = createOpenSshTransport({ paths, clock: systemClock, random: systemRandom });
  return ok({
    transport,
    instruments: sshInstruments({ transport, clock: systemClock, random: systemRandom, emit, signal }),
    clock: systemClock,
    random: systemRandom,
    files: systemFiles,
    machine: operatorMachine({
      kubeconfig: await kubeconfigPath(paths, setting.env, process.cwd()),
      access: kubeconfigParams(cluster),
      secrets,
      env: setting.env,
      emit,
      clock: systemClock,
      random: systemRandom,
    }),
    sets: setSource({
      cluster,
      realm: realmName(realm),
      lab: await labApps(cluster, { realm, env: setting.env }),
      fetch: { env: setting.env, emit, signal, clock: systemClock },
      chart: renderChart({ env: setting.env, emit, signal, clock: systemClock, lab: realm.kind === 'lab' }),
    }),
    secretsFile: storePath(setting),
    secrets,
    emit,
    soft: signal,
    hard: setting.hard,
    realm: realmName(realm),
    stateDir: paths.stateDir,
    tool: toolVersion(),
    operator: `${userInfo().username}@${hostname()}`,
  });
};

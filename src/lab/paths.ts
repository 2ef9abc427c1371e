import { join } from 'node:path';
import type { RealmPaths } from '../core/realm.js';
import { invokingUser } from './invoker.js';

type Env = Readonly<Record<string, string | undefined>>;

const xdg = (env: Env, variable: string, fallback: string): string => {
  const value = env[variable];
  // The XDG specification: relative paths are to be ignored.
  return value?.startsWith('/') ? value : join(invokingUser(env).home, fallback);
};

/** Where labs keep their records and disks: `$XDG_STATE_HOME/drover/labs`. */
export const labsHome = (env: Env): string =>
  join(xdg(env, 'XDG_STATE_HOME', '.local/state'), 'drover', 'labs');

/** Where root file systems are kept: `$XDG_CACHE_HOME/drover/rootfs`. */
export const rootfsHome = (env: Env): string =>
  join(xdg(env, 'XDG_CACHE_HOME', '.cache'), 'drover', 'rootfs');

/** The files of one lab; absolute. */
export interface LabPaths extends RealmPaths {
  readonly home: string;
  readonly state: string;
  readonly sshConfig: string;
  readonly knownHosts: string;
  readonly sshKey: string;
  readonly hosts: string;
  readonly snapshots: string;
  readonly services: string;
  /** Folder of the forwarder to the API. */
  readonly api: string;
  readonly kubeconfig: string;
}

export const labPaths = (env: Env, name: string): LabPaths => {
  const home = join(labsHome(env), name);
  return {
    home,
    state: join(home, 'state.json'),
    sshConfig: join(home, 'ssh', 'config'),
    knownHosts: join(home, 'ssh', 'known_hosts'),
    sshKey: join(home, 'ssh', 'id_ed25519'),
    hosts: join(home, 'hosts'),
    snapshots: join(home, 'snapshots'),
    services: join(home, 'services'),
    api: join(home, 'api'),
    kubeconfig: join(home, 'kubeconfig'),
    controlDir: join(home, 'cm'),
    stateDir: join(home, 'runs'),
  };
};

/** The directories of one host. `disk` holds everything that survives a power cut. */
export interface HostPaths {
  readonly home: string;
  readonly disk: string;
  readonly upper: string;
  readonly work: string;
  readonly root: string;
  readonly console: string;
}

export const hostPaths = (paths: LabPaths, host: string): HostPaths => {
  const home = join(paths.hosts, host);
  return {
    home,
    disk: join(home, 'disk'),
    upper: join(home, 'disk', 'upper'),
    work: join(home, 'disk', 'work'),
    root: join(home, 'root'),
    console: join(home, 'console.log'),
  };
};

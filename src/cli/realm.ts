import { join } from 'node:path';
import type { Realm, RealmPaths } from '../core/realm.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Set by Drover for itself when it runs inside a lab's network namespace: `lab/NAME`. */
export const REALM_VARIABLE = 'DROVER_REALM';

export const realmOf = (env: Environment): Realm => {
  const lab = /^lab\/(.+)$/.exec(env[REALM_VARIABLE] ?? '')?.[1];
  return lab === undefined ? { kind: 'real' } : { kind: 'lab', name: lab };
};

/** Files of real runs: facts and runs lie beside the user's spec, control sockets where only the user may look. */
export const realPaths = (cwd: string, env: Environment, home: string): RealmPaths => {
  const runtime = env.XDG_RUNTIME_DIR;
  const controlDir =
    runtime?.startsWith('/') === true ? join(runtime, 'drover') : join(home, '.cache', 'drover', 'ssh');
  const data = env.XDG_DATA_HOME;
  const dataDir = data?.startsWith('/') === true ? data : join(home, '.local', 'share');
  return {
    controlDir,
    stateDir: join(cwd, '.drover'),
    // In addition to the user's own files; written by `drover trust` alone.
    knownHosts: join(dataDir, 'drover', 'known_hosts'),
  };
};

import type { Realm } from '../../core/realm.js';
import { labPaths } from '../../lab/paths.js';
import { readState } from '../../lab/state/store.js';
import { type Cluster, isMember } from '../../spec/cluster.js';

/** External hosts of the spec that a lab did not make. */
export const absentHosts = async (
  cluster: Cluster,
  { realm, env }: { readonly realm: Realm; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<readonly string[]> => {
  if (realm.kind === 'real') return [];
  const state = await readState(labPaths(env, realm.name));
  const made = new Set(state.ok ? state.value?.hosts.map(({ name }) => name) : []);
  return cluster.hosts.filter((host) => !isMember(host) && !made.has(host.name)).map(({ name }) => name);
};

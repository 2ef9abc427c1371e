import { join } from 'node:path';
import { findArtifacts } from '../../../src/app/cluster/artifacts.js';
import { clusterGoals } from '../../../src/app/cluster/goals.js';
import { worldView } from '../../../src/app/cluster/world.js';
import type { HostTarget, Transport } from '../../../src/core/ports/transport.js';
import type { LabContext } from '../../../src/lab/context.js';
import type { Goal } from '../../../src/plan/goal.js';
import { loadCluster } from '../../../src/spec/load-cluster.js';
import { systemFiles } from '../../../src/system/files.js';
import { systemClock, systemRandom } from '../../support/ports.js';
import { value } from './cluster.js';

export interface BareLab {
  readonly lab: string;
  readonly folder: string;
  readonly transport: Transport;
  readonly server: HostTarget;
  readonly agent: HostTarget;
}

/** The goals of the whole build, from the spec and the bare hosts, as `drover plan` makes them. */
export const buildGoals = async ({
  lab,
  folder,
  transport,
  server,
  agent,
}: BareLab): Promise<readonly Goal[]> => {
  const { env } = process;
  const file = join(folder, 'drover.yaml');
  const cluster = value(
    await loadCluster({ file, cwd: folder, env, files: systemFiles, clock: systemClock }),
  );
  const { signal } = new AbortController();
  const context: LabContext = { env, emit: () => undefined, clock: systemClock, signal };
  const { binary, archives } = value(
    await findArtifacts(cluster, { kind: 'lab', name: lab }, { hosts: [], context }),
  );
  const needed = archives.filter(({ name }) => /^(pause|busybox)/.test(name));
  const artifacts = { binary, archives: needed };
  const hosts = [
    { target: server, role: 'server' as const },
    { target: agent, role: 'agent' as const },
  ];
  const view = worldView({ transport, clock: systemClock, random: systemRandom }, hosts, []);
  const world = await view.observe([server.name, agent.name], ['kubernetes', 'links'], signal);
  return value(clusterGoals(cluster, world, artifacts)).flatMap((stage) => stage.goals);
};

import { join } from 'node:path';
import type { ClusterTools } from '../../../src/app/cluster/tools.js';
import type { Subject } from '../../../src/app/doctor/subject.js';
import type { DroverEvent } from '../../../src/core/events/event.js';
import { err } from '../../../src/core/result.js';
import { systemFiles } from '../../../src/system/files.js';
import type { FolderHosts } from '../../run/folder-hosts.js';
import { noOperator } from '../../support/no-operator.js';
import { systemClock, systemRandom } from '../../support/ports.js';

export interface ToolsRig {
  readonly tools: ClusterTools;
  readonly events: DroverEvent[];
  /** As Ctrl-C does it once, and twice. */
  readonly soft: AbortController;
  readonly hard: AbortController;
}

/** What runs need of the outside, over hosts that are folders. No secrets are there, and nobody measures. */
export const toolsOn = (
  hosts: Pick<FolderHosts, 'transport'>,
  stateDir: string,
  operator = 'ann@home',
): ToolsRig => {
  const events: DroverEvent[] = [];
  const soft = new AbortController();
  const hard = new AbortController();
  const nobody = (): never => {
    throw new Error('nobody asks for this');
  };
  const noSecret = () =>
    Promise.resolve(err({ code: 'secret-unreadable', message: 'no secrets here' } as const));
  return {
    events,
    soft,
    hard,
    tools: {
      transport: hosts.transport,
      instruments: { collect: nobody, dispose: () => Promise.resolve() } as never,
      clock: systemClock,
      random: systemRandom,
      files: systemFiles,
      secrets: { get: noSecret, ensure: noSecret } as never,
      machine: { see: () => Promise.resolve({ artifacts: [], secrets: [] }), effects: () => noOperator },
      secretsFile: join(stateDir, 'secrets'),
      emit: (event) => events.push(event),
      soft: soft.signal,
      hard: hard.signal,
      realm: 'lab/test',
      stateDir,
      tool: '0',
      operator,
    },
  };
};

/** Servers of a cluster as its runs know them. */
export const subjectOf = (hosts: FolderHosts, servers: readonly string[], cluster = 'made-up'): Subject => ({
  cluster: { name: cluster, hosts: [], spec: { ssh: {} } } as never,
  hosts: servers.map((name) => ({ role: 'server', target: hosts.target(name) })),
});

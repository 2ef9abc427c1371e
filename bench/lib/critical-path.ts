import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/core/events/run.js';
import { labPaths } from '../../src/lab/paths.js';
import type { BenchLab } from './lab.js';
import { onHost } from './remote.js';

const UNITS = { server: 'k3s', agent: 'k3s-agent' } as const;

/** Takes a cluster that Drover built away again, but leaves binaries, images, configuration and units where they are. */
const unmake = (lab: BenchLab, address: string): void => {
  onHost(
    lab,
    address,
    `systemctl stop ${UNITS.server} ${UNITS.agent} 2>/dev/null; k3s-killall.sh >/dev/null 2>&1
cd /var/lib/rancher/k3s && rm -rf server drover-started /etc/rancher/node
find agent -mindepth 1 -maxdepth 1 ! -name images ! -name containerd -exec rm -rf {} + ; true`,
  );
};

const start = (lab: BenchLab, address: string, node: string): void => {
  const unit = UNITS[node.startsWith('server') ? 'server' : 'agent'];
  onHost(lab, address, `systemctl start ${unit}`);
  const first = lab.hosts[0] ?? '';
  const condition = node.startsWith('server') ? 'EtcdIsVoter' : 'Ready';
  const path = `{.status.conditions[?(@.type=="${condition}")].status}`;
  onHost(
    lab,
    first,
    `until [ "$(k3s kubectl get node ${node} -o 'jsonpath=${path}' 2>/dev/null)" = True ]; do sleep 0.1; done`,
  );
};

/**
 * Milliseconds of what the engine needs by itself: the first server, two servers after one another, one agent, each
 * until it votes or is Ready. The hosts were prepared by Drover.
 */
export const enginePath = (lab: BenchLab): number => {
  for (const address of lab.hosts) unmake(lab, address);
  const begin = performance.now();
  lab.hosts.slice(0, 4).forEach((address, at) => {
    start(lab, address, `${at < 3 ? 'server' : 'agent'}-${at + 1}`);
  });
  return performance.now() - begin;
};

interface Line {
  readonly at: string;
  readonly event: RunEvent;
}

/** The same span of the newest run: from the start of the first server to the last agent that is proven. */
export const droverPath = ({ name }: BenchLab): number => {
  const runs = join(labPaths(process.env, name).stateDir, 'runs');
  const newest = readdirSync(runs).sort().at(-1) ?? '';
  const text = readFileSync(join(runs, newest, 'journal.jsonl'), 'utf8').trim();
  const lines = text.split('\n').map((line) => JSON.parse(line) as Line);
  const starts = lines.filter(
    ({ event }) => 'action' in event && /^k3s\.(server|agent)\//.test(event.action),
  );
  const begin = starts.find(({ event }) => event.type === 'action-intent');
  const end = starts.findLast(({ event }) => event.type === 'action-done');
  if (begin === undefined || end === undefined) throw new Error('the run started no K3s');
  return Date.parse(end.at) - Date.parse(begin.at);
};

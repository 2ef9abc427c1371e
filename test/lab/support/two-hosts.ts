import { rm } from 'node:fs/promises';
import { expect } from 'vitest';
import type { RunEvent } from '../../../src/core/events/run.js';
import { drover, must, onHost, specFolder } from './cli.js';
import { newRun, type RunApart, runIds, startApart } from './run-watch.js';

const HOSTS = ['server-1', 'agent-1'] as const;

/** What Drover puts on a host and what it switches on; keys and certificates that K3s makes itself are left out. */
const INVENTORY = [
  'find /etc /usr/local/bin /var/lib/rancher/k3s/agent/images -xdev \\( -type f -o -type l \\)',
  '-not -path /etc/rancher/k3s/k3s.yaml -not -path /etc/rancher/node/password -not -name ld.so.cache',
  "-printf '%p %M %U:%G %s %l\\n' | sort",
].join(' ');
const SETTINGS = [
  'sha256sum /etc/rancher/k3s/config.yaml.d/* /etc/rancher/k3s/drover-* /etc/hosts /etc/sysctl.d/* /etc/systemd/system/*.service',
  'systemctl list-unit-files --state=enabled --no-legend',
  'systemctl is-active k3s k3s-agent',
  'k3s --version',
].join('; ');

export const applyOn = (lab: string): readonly string[] => ['apply', '--yes', '--lab', lab, '-q'];
export const resumeOn = (lab: string): readonly string[] => [
  'apply',
  '--resume',
  '--yes',
  '--lab',
  lab,
  '-q',
];

export const began =
  (action: string) =>
  (events: readonly RunEvent[]): boolean =>
    events.some((event) => event.type === 'action-intent' && event.action === action);

/** A lab of a server and an agent, on which runs get into trouble. */
export interface TwoHosts extends AsyncDisposable {
  readonly folder: string;
  /** Starts `drover apply`; `id` is that of its run. */
  readonly begin: () => Promise<RunApart & { readonly id: string }>;
  /** Takes everything off the hosts. */
  readonly bare: () => Promise<void>;
  /** What lies on the hosts, and how they are set. */
  readonly inventory: () => Promise<readonly string[]>;
  readonly nodes: () => Promise<readonly string[]>;
  /** Both hosts are as in this inventory, both nodes are there, and nothing is left to do. */
  readonly expectAs: (inventory: readonly string[]) => Promise<void>;
}

/** @param net first three numbers of the node range */
export const twoHosts = async (lab: { readonly name: string; readonly net: string }): Promise<TwoHosts> => {
  const { name } = lab;
  const folder = await specFolder({ ...lab, servers: 1, agents: 1 });
  await must(['lab', 'up'], folder);
  const inventory: TwoHosts['inventory'] = async () => {
    const all = await Promise.all(
      HOSTS.map(async (host) => {
        const seen = await onHost(name, host, `${INVENTORY}; ${SETTINGS}`, folder);
        return seen.stdout.split('\n').map((line) => `${host}: ${line}`);
      }),
    );
    return all.flat();
  };
  const nodes: TwoHosts['nodes'] = async () => {
    const seen = await onHost(name, 'server-1', 'k3s kubectl get nodes -o name', folder);
    return seen.stdout.trim().split('\n').sort();
  };
  return {
    folder,
    begin: async () => {
      const known = await runIds(name);
      const run = startApart(applyOn(name), folder);
      return { ...run, id: await newRun(name, known) };
    },
    bare: async () => {
      await must(['lab', 'reset', '--lab', name], folder);
    },
    inventory,
    nodes,
    expectAs: async (wanted) => {
      expect(await inventory()).toEqual(wanted);
      expect(await nodes()).toEqual(['node/agent-1', 'node/server-1']);
      const again = await drover(applyOn(name), folder);
      expect(again.status, again.stderr).toBe(0);
      expect(again.stdout).toContain('No changes');
    },
    [Symbol.asyncDispose]: async () => {
      await must(['lab', 'down', name], folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

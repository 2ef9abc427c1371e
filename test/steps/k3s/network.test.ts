import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/canonical.js';
import { err, ok } from '../../../src/core/result.js';
import type { CommandOutput, HostEffects } from '../../../src/steps/effects.js';
import { k3sNetwork } from '../../../src/steps/k3s/network.js';
import { DROP_IN } from '../../../src/steps/k3s/settings.js';
import { STARTED } from '../../../src/steps/k3s/start.js';
import type { ApplyContext, World } from '../../../src/steps/step.js';
import { fakeHost, worldOf } from '../host/world.js';

const member = (node: string, role: 'server' | 'agent', settings: string | null) => ({
  node,
  role,
  settings,
  stamp: `new-${node}`,
});
const params = {
  change: 'hand-over',
  backend: 'none',
  policies: false,
  members: [
    member('cp-1', 'server', 'flannel-backend: none\n'),
    member('cp-2', 'server', 'flannel-backend: none\n'),
    member('w-1', 'agent', null),
    member('w-2', 'agent', null),
  ],
};
const subject = { hosts: params.members.map(({ node }) => node) };

const file = (content: string) => ({
  size: content.length,
  mode: '0600',
  owner: 'root:root',
  immutable: false,
  digest: sha256(content),
});

/** Members of which some are as the parameters want them. */
const worldWith = (done: readonly string[]): World => {
  const hosts = params.members.map(({ node, role, settings, stamp }) => {
    const name = role === 'server' ? 'k3s' : 'k3s-agent';
    const now = done.includes(node);
    const facts = worldOf({
      files: {
        ...(now && settings !== null ? { [DROP_IN]: file(settings) } : {}),
        [STARTED]: file(now ? `${stamp}\n` : 'old\n'),
      },
      units: { [name]: { active: 'active', sub: 'running', enabled: 'enabled', load: 'loaded' } },
    } as never).hosts.get('h1');
    if (facts === undefined) throw new Error('worldOf has a host');
    return [node, { ...facts, name: node }] as const;
  });
  return { hosts: new Map(hosts) };
};

/** Hosts that note in which order they are told to start; `answers` by what a script contains. */
const benchOf = (world: World, answers: Readonly<Record<string, CommandOutput>> = {}) => {
  const told: string[] = [];
  let running = 0;
  let most = 0;
  const { context } = fakeHost(world);
  const on = (host: string): HostEffects => ({
    ...context.on(host),
    files: (goals) => {
      told.push(...goals.map(({ path }) => `${host} writes ${path}`));
      return Promise.resolve(ok(undefined));
    },
    change: async (script) => {
      const starts = script.includes('STAMP=');
      const stamp = /^STAMP=(.*)$/m.exec(script)?.[1] ?? '';
      if (starts) {
        told.push(`${host} starts with ${stamp}`);
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
      } else if (script.includes('rm -f')) told.push(`${host} forgets`);
      const found = Object.entries(answers).find(([text]) => `${host} ${script}`.includes(text));
      return ok(found?.[1] ?? { status: 0, stdout: '', stderr: '' });
    },
  });
  const scene: ApplyContext = { ...context, subject, world, on };
  return { told, context: scene, most: () => most };
};

describe('the network of K3s', () => {
  it('changes only members that are not as they shall be', () => {
    const changes = (done: readonly string[]) =>
      k3sNetwork.diff(k3sNetwork.observe(worldWith(done), subject, params), params).map(({ what }) => what);
    expect(changes(['cp-1', 'cp-2', 'w-1', 'w-2'])).toEqual([]);
    expect(changes(['cp-1', 'w-2'])).toEqual([
      `${DROP_IN} on cp-2`,
      'k3s.service on cp-2',
      'k3s-agent.service on w-1',
    ]);
  });

  it('is unknown as long as one member was not seen', () => {
    const state = k3sNetwork.observe({ hosts: new Map() }, subject, params);
    expect(state).toBeUndefined();
    expect(k3sNetwork.diff(state, params).map(({ kind }) => kind)).toEqual(Array(4).fill('unknown'));
  });

  it('writes all settings first, then starts the servers at once, then the agents one after another', async () => {
    const bench = benchOf(worldWith([]));
    const done = await k3sNetwork.apply(bench.context, params, undefined);
    expect(done).toEqual(ok({}));
    expect(bench.told).toEqual([
      `cp-1 writes ${DROP_IN}`,
      `cp-2 writes ${DROP_IN}`,
      'cp-1 starts with new-cp-1',
      'cp-2 starts with new-cp-2',
      'w-1 starts with new-w-1',
      'w-2 starts with new-w-2',
    ]);
    expect(bench.most()).toBe(2);
  });

  it('starts no agent after a server that did not come back, and says which', async () => {
    const bench = benchOf(worldWith([]), {
      'cp-2 UNIT=': { status: 21, stdout: '', stderr: 'critical configuration value mismatch' },
    });
    const done = await k3sNetwork.apply(bench.context, params, undefined);
    expect(done).toMatchObject(err({ code: 'k3s-start-failed', host: 'cp-2' }));
    expect(bench.told.filter((line) => line.startsWith('w-'))).toEqual([]);
  });

  it('goes back to what every member was started with, and leaves alone whom it never changed', async () => {
    const bench = benchOf(worldWith([]), {
      'cp-1 \nkept=': { status: 0, stdout: 'old-1\n', stderr: '' },
      'cp-2 \nkept=': { status: 0, stdout: 'old-2\n', stderr: '' },
      'w-1 \nkept=': { status: 0, stdout: '', stderr: '' },
      'w-2 \nkept=': { status: 3, stdout: '', stderr: '' },
    });
    const back = await k3sNetwork.revert?.(bench.context, params, { members: [] });
    expect(back).toEqual(ok(undefined));
    expect(bench.told).toEqual([
      'cp-1 starts with old-1',
      'cp-2 starts with old-2',
      'w-1 starts with before-new-w-1',
      'w-1 forgets',
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/core/ports/clock.js';
import type { Transport } from '../../../src/core/ports/transport.js';
import { agentScript } from '../../../src/facts/probes/script.js';
import { buildWorld, canBuildWorlds, realClock, type World } from './netns.js';
import { matrixNamed, picture, probeWorld } from './probing.js';

const HEALTHY = { 'path-mtu': '1500', 'tunnel-mtu/8472': '1450', 'tunnel-mtu/4789': '1450' };

/** Waits for a state of the kernel that follows from something that has happened already. */
const eventually = async (holds: () => boolean, limitMs = 5000): Promise<void> => {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it never came true');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe.skipIf(!canBuildWorlds).each(['perl', 'python'] as const)('the life of %s agents', (language) => {
  let world: World;
  beforeEach(() => {
    world = buildWorld('switched', 2);
  });
  afterEach(() => world.remove());

  const devices = (): string =>
    world.hosts.map(({ name }) => world.inside(name, 'ip', '-br', 'link')).join('');
  const processes = (): readonly string[] => world.hosts.flatMap(({ name }) => world.processes(name));

  it('removes everything when the operator’s side dies in the middle', async () => {
    const stop = new AbortController();
    const running = probeWorld(world, { language, deep: true, idleMs: 600_000 }, stop.signal);
    await eventually(() => (devices().match(/drvx/g) ?? []).length === 4);
    stop.abort();
    const result = await running;
    expect(result.probes).toEqual([]);
    expect(result.notMeasured).toContain('pair probes: interrupted');
    await eventually(() => processes().length === 0);
    expect(devices()).not.toContain('drvx');
  });

  it('removes everything when the connection falls silent without ending', async () => {
    const script = agentScript(language);
    const agent = world.start('h1', 'sh', '-c', script.text);
    const child = world.children.at(-1)!;
    child.stdin.write(script.data!);
    child.stdin.write(
      ['begin 12345678 0 1', 'filter 6,0,0,0', 'net 0 eth0 10.77.0.11 61000 0:10.77.0.11,1:10.77.0.12']
        .concat(['probe 0 0 vxlan 8472', 'tunnel 0 13631489 1500', ''])
        .join('\n'),
    );
    await agent.line(`tunnel 0 drvx${child.pid}p0`);
    expect(devices()).toContain('drvx');
    await eventually(() => child.exitCode !== null);
    expect(child.exitCode).toBe(1);
    expect(devices()).not.toContain('drvx');
  });

  it('removes everything on a signal', async () => {
    const script = agentScript(language);
    const agent = world.start('h1', 'sh', '-c', script.text);
    const child = world.children.at(-1)!;
    child.stdin.write(script.data!);
    child.stdin.write(
      ['begin 12345678 0 20', 'filter 6,0,0,0', 'net 0 eth0 10.77.0.11 61000 0:10.77.0.11,1:10.77.0.12']
        .concat(['probe 0 0 vxlan 8472', 'tunnel 0 13631489 1500', ''])
        .join('\n'),
    );
    await agent.line(`tunnel 0 drvx${child.pid}p0`);
    child.kill('SIGTERM');
    await eventually(() => child.exitCode !== null);
    expect(devices()).not.toContain('drvx');
  });

  it('clears away what a killed agent left, and nothing of a living one', async () => {
    const left = 'type vxlan id 99 dstport 8472 nolearning'.split(' ');
    world.inside('h1', 'ip', 'link', 'add', 'drvx4194299p3', ...left);
    const living = `drvx${process.pid}p3`;
    world.inside('h2', 'ip', 'link', 'add', living, ...left);
    expect(picture(await probeWorld(world, { language }))).toEqual(HEALTHY);
    expect(world.inside('h1', 'ip', '-br', 'link')).not.toContain('drvx');
    expect(world.inside('h2', 'ip', '-br', 'link')).toContain(living);
  });

  it('goes on without a host whose agent is killed, and says so', async () => {
    const running = probeWorld(world, { language, deep: true, idleMs: 1500 });
    await eventually(() => devices().includes('drvx'));
    world.children[1]!.kill('SIGKILL');
    const result = await running;
    expect(result.notMeasured).toEqual(['pair probes of h2: the probe session ended early']);
    expect(matrixNamed(result, 'udp/8472').rows).toEqual(['.?', '?.']);
  });

  it('obeys both agents’ language in one run', async () => {
    const other = language === 'perl' ? 'python' : 'perl';
    const mixed: Transport = {
      ...world.transport,
      open: (host, script, options) =>
        world.transport.open(host, host.name === 'h1' ? script : agentScript(other), options),
    };
    expect(picture(await probeWorld({ ...world, transport: mixed }, { language }))).toEqual(HEALTHY);
  });
});

describe.skipIf(!canBuildWorlds)('hosts that cannot be probed', () => {
  let world: World;
  beforeEach(() => {
    world = buildWorld('switched', 3);
  });
  afterEach(() => world.remove());

  it('names a host without perl and python3, and measures the others', async () => {
    const bare: Transport = {
      ...world.transport,
      open: (host, script, options) => {
        const text =
          host.name === 'h2' ? `PATH=/nowhere\n${script.text.split('\n').slice(1).join('\n')}` : script.text;
        return world.transport.open(host, { ...script, text }, options);
      },
    };
    const result = await probeWorld({ ...world, transport: bare });
    expect(result.notMeasured).toEqual(['pair probes of h2: boot: neither perl nor python3 is installed']);
    expect(matrixNamed(result, 'udp/8472').rows).toEqual(['.?+', '?.?', '+?.']);
  });

  it('names a host that cannot be reached, and measures the others', async () => {
    const broken: Transport = {
      ...world.transport,
      open: (host, script, options) =>
        host.name === 'h3'
          ? Promise.resolve({
              ok: false,
              error: { kind: 'unreachable', host: 'h3', detail: 'no route to host', notStarted: true },
            })
          : world.transport.open(host, script, options),
    };
    const result = await probeWorld({ ...world, transport: broken });
    expect(result.notMeasured).toEqual(['pair probes of h3: no route to host']);
    expect(matrixNamed(result, 'tcp/22').rows).toEqual(['.+?', '+.?', '??.']);
  });

  it('does not take a mute agent’s silence for loss', async () => {
    const mute: Transport = {
      ...world.transport,
      open: (host, script, options) =>
        world.transport.open(
          host,
          host.name === 'h2' ? { ...script, text: 'while read -r _; do :; done' } : script,
          options,
        ),
    };
    const hurried: Clock = {
      ...realClock,
      monotonic: () => realClock.monotonic() * 10,
      delay: (ms, signal) => realClock.delay(ms / 10, signal),
    };
    const result = await probeWorld({ ...world, transport: mute, clock: hurried });
    expect(result.notMeasured).toEqual(['pair probes of h2: the agent was not ready in time']);
    expect(matrixNamed(result, 'udp/8472').rows).toEqual(['.?+', '?.?', '+?.']);
  });

  it('says which interface is missing', async () => {
    const members = { ...world.network.members, h1: { interface: 'eth9', address: '10.77.0.11', mtu: 1500 } };
    const result = await probeWorld({ ...world, network: { ...world.network, members } });
    expect(result.notMeasured).toEqual(['pair probes of h1: net: eth9: No such device']);
  });
});

describe('the agents’ programs', () => {
  it('use nothing beyond perl-base and Python’s standard library', () => {
    const text = Buffer.from(agentScript().data as Buffer).toString('utf8');
    const perlModules = [...text.matchAll(/^use ([A-Za-z:]+)/gm)].map(([, name]) => name);
    expect(new Set(perlModules)).toEqual(new Set(['strict', 'warnings', 'Errno', 'Socket', 'constant']));
    const pythonModules = [...text.matchAll(/^import (.+)$/gm)].flatMap(([, names]) => names!.split(', '));
    expect(pythonModules).not.toHaveLength(0);
    const standard = 'array errno fcntl os random re select signal socket struct subprocess sys time'.split(
      ' ',
    );
    expect(standard).toEqual(expect.arrayContaining(pythonModules));
  });
});

import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drover, must, onHost, specFolder, startDrover, statusOf } from './support/cli.js';
import { tracesOf } from './support/traces.js';
import { labTransport } from './support/transport.js';

const LAB = 'it-lab';
let folder: string;
beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.71.0', servers: 1, agents: 2 });
  await must(['lab', 'up'], folder);
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

const run = async (host: string, command: string): Promise<string> => {
  const done = await onHost(LAB, host, command, folder);
  if (done.status !== 0) throw new Error(`${host}: ${command}: ${done.status} ${done.stderr}`);
  return done.stdout.trim();
};
const power = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await statusOf(LAB, folder)).hosts.map((host) => [host.name, host.power]));
const reaches = async (from: string, address: string): Promise<boolean> =>
  (await onHost(LAB, from, `ping -c 1 -W 1 ${address}`, folder)).status === 0;

describe('a lab', () => {
  it('has hosts that are healthy, named and different from each other', async () => {
    expect(
      await run('server-1', 'hostname; systemctl is-system-running; systemctl --failed --no-legend'),
    ).toBe('server-1\nrunning');
    const ids = await Promise.all(
      ['server-1', 'agent-2', 'agent-1'].map((host) => run(host, 'cat /etc/machine-id')),
    );
    expect(new Set(ids).size).toBe(3);
  });

  it('lets hosts reach each other and nothing else', async () => {
    expect(await reaches('server-1', '10.71.0.21')).toBe(true);
    expect(await reaches('server-1', '192.0.2.2')).toBe(false);
  });

  it('cannot be reached from this machine without --lab', async () => {
    // Another machine, or a proxy on the way, may accept the connection; the lab's sshd would greet at once.
    const greeting = await new Promise<string>((resolve) => {
      const socket = connect({ host: '10.71.0.11', port: 22 });
      const settle = (text: string): void => {
        socket.destroy();
        resolve(text);
      };
      socket.setTimeout(1000, () => settle('none'));
      socket.once('data', (data) => settle(data.toString()));
      socket.once('error', () => settle('none'));
    });
    expect(greeting).toBe('none');
    expect((await execa('ip', ['-o', 'address'])).stdout).not.toContain(' 10.71.0.');
  });

  it('is reached through a jump host, by keys that are checked on both', async () => {
    await using transport = await labTransport(LAB);
    const target = { name: 'agent-1', address: '10.71.0.21', user: 'root', jump: 'server-1' };
    const script = { title: 'who asks', text: 'echo "${SSH_CONNECTION%% *}"' };
    const through = await transport.run(target, script, { timeoutMs: 120_000 });
    expect(through.ok ? String(through.value.stdout) : through.error.detail).toBe('10.71.0.11\n');
    const lost = await transport.run({ ...target, jump: 'nobody' }, script, { timeoutMs: 120_000 });
    expect(lost).toMatchObject({ ok: false, error: { notStarted: true } });
  });

  it('answers DNS at the usual resolvers, by UDP and TCP, also for names that do not exist', async () => {
    expect(await run('agent-1', 'dig +short @1.1.1.1 server-1')).toBe('10.71.0.11');
    expect(await run('agent-1', 'dig +tcp +short @8.8.8.8 agent-2')).toBe('10.71.0.22');
    expect(await run('agent-1', 'dig nowhere.example')).toContain('status: NXDOMAIN');
    expect(await run('agent-1', 'dig NS .')).toContain('status: NOERROR');
  });

  it('installs packages from its own repository', async () => {
    await run('agent-1', 'apt-get -qq update && apt-get -qq install -y jq >/dev/null 2>&1');
    expect(await run('agent-1', 'echo "{}" | jq type')).toBe('"object"');
  });

  it('refuses a second lab of the same name and says how to go on', async () => {
    const again = await drover(['lab', 'up'], folder);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('error[lab-exists]');
    expect(again.stderr).toContain(`drover lab down ${LAB}`);
  });

  it('names the hosts it has when another is asked for', async () => {
    const done = await drover(['lab', 'ssh', '--lab', LAB, 'nobody'], folder);
    expect(done.stderr).toContain('server-1, agent-1, agent-2');
  });
});

describe('power', () => {
  it('stops in order and keeps the disk', async () => {
    await run('agent-1', 'echo kept >/root/note && sync');
    await must(['lab', 'stop', '--lab', LAB, 'agent-1'], folder);
    expect(await power()).toEqual({ 'server-1': 'on', 'agent-2': 'on', 'agent-1': 'off' });
    expect(await reaches('server-1', '10.71.0.21')).toBe(false);
    await must(['lab', 'start', '--lab', LAB], folder);
    expect(await run('agent-1', 'cat /root/note')).toBe('kept');
  });

  it('fails like a power cut: services are not told', async () => {
    await run(
      'agent-1',
      'systemd-run --quiet --unit=witness --property=ExecStopPost="/usr/bin/touch /root/told" sleep 1000',
    );
    await must(['lab', 'crash', '--lab', LAB, 'agent-1'], folder);
    await must(['lab', 'start', '--lab', LAB, 'agent-1'], folder);
    expect((await onHost(LAB, 'agent-1', 'test -e /root/told', folder)).status).not.toBe(0);
  });
});

describe('cables', () => {
  it('cut one pair, over a power cycle, and join it again', async () => {
    await must(['lab', 'partition', '--lab', LAB, 'server-1', 'agent-2'], folder);
    await must(['lab', 'crash', '--lab', LAB, 'agent-2'], folder);
    await must(['lab', 'start', '--lab', LAB], folder);
    expect(await reaches('server-1', '10.71.0.22')).toBe(false);
    expect(await reaches('server-1', '10.71.0.21')).toBe(true);
    await must(['lab', 'partition', '--lab', LAB, '--heal'], folder);
    // The kernel remembers for a moment that the neighbour did not answer.
    await expect.poll(() => reaches('server-1', '10.71.0.22'), { timeout: 300_000 }).toBe(true);
  });

  it('become slow in both directions and fast again', async () => {
    await must(['lab', 'throttle', '--lab', LAB, 'agent-1', '--rate', '20mbit'], folder);
    expect(await run('agent-1', 'tc qdisc show dev host0')).toContain('rate 20Mbit');
    await must(['lab', 'throttle', '--lab', LAB, 'agent-1'], folder);
    expect(await run('agent-1', 'tc qdisc show dev host0')).not.toContain('tbf');
  });
});

describe('snapshots', () => {
  it('bring back files, flags, removals and data directories', async () => {
    await run(
      'server-1',
      'echo one >/root/a; rm /etc/issue.net; mkdir /var/lib/rancher/data; chattr +i /root/a',
    );
    await must(['lab', 'snapshot', '--lab', LAB, 'first'], folder);
    await run('server-1', 'chattr -i /root/a; echo two >/root/a; rmdir /var/lib/rancher/data');
    await must(['lab', 'reset', '--lab', LAB, 'first'], folder);
    expect(
      await run(
        'server-1',
        'cat /root/a; ls /var/lib/rancher; ls /etc/issue.net 2>&1 | grep -c "No such"; lsattr /root/a | cut -c5',
      ),
    ).toBe('one\ndata\n1\ni');
  });

  it('go back to new hosts with the same keys', async () => {
    const key = await run('server-1', 'cat /etc/ssh/ssh_host_ed25519_key.pub');
    await must(['lab', 'reset', '--lab', LAB], folder);
    expect(
      await run('server-1', 'ls /root /var/lib/rancher | grep -c . ; cat /etc/ssh/ssh_host_ed25519_key.pub'),
    ).toContain(key);
    const unknown = await drover(['lab', 'reset', '--lab', LAB, 'second'], folder);
    expect(unknown.stderr).toContain('snapshots: first');
  });
});

describe('two at once, and interrupted ones', () => {
  const OTHER = 'it-other';
  let other: string;
  beforeAll(async () => {
    // The same addresses as the first lab: labs never meet.
    other = await specFolder({ name: OTHER, net: '10.71.0', servers: 1, agents: 1 });
  });
  afterAll(async () => {
    await drover(['lab', 'down', OTHER], other);
    await rm(other, { recursive: true });
  });

  it('let only one command change a lab', async () => {
    const both = await Promise.all([drover(['lab', 'up'], other), drover(['lab', 'up'], other)]);
    expect(both.map((done) => done.status).sort()).toEqual([0, 16]);
    expect(both.find((done) => done.status === 16)?.stderr).toContain('error[lab-busy]');
    expect((await onHost(OTHER, 'server-1', 'hostname', other)).stdout).toBe('server-1');
    await must(['lab', 'down', OTHER], other);
    expect(await tracesOf(OTHER)).toEqual([]);
  });

  it.each([250, 450, 700, 1200])('start over after a kill at %i ms', async (ms) => {
    const killed = startDrover(['lab', 'up'], other);
    await Promise.race([killed, new Promise((resolve) => setTimeout(resolve, ms))]);
    killed.kill('SIGKILL');
    await killed;
    await must(['lab', 'up'], other);
    expect((await onHost(OTHER, 'agent-1', 'hostname', other)).stdout).toBe('agent-1');
    await must(['lab', 'down', OTHER], other);
    expect(await tracesOf(OTHER)).toEqual([]);
  });

  it('remove a lab whose record is damaged', async () => {
    await must(['lab', 'up'], other);
    const { spec } = await statusOf(OTHER, other);
    expect(spec).toBe(`${other}/drover.yaml`);
    const { labPaths } = await import('../../src/lab/paths.js');
    await (await import('node:fs/promises')).writeFile(labPaths(process.env, OTHER).state, '{');
    await must(['lab', 'down', OTHER], other);
    expect(await tracesOf(OTHER)).toEqual([]);
  });
});

it('leaves nothing behind', async () => {
  await must(['lab', 'down', LAB], folder);
  expect(await tracesOf(LAB)).toEqual([]);
  expect((await drover(['lab', 'status', LAB], folder)).stderr).toContain('error[lab-not-found]');
});

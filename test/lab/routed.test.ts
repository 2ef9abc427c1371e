import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drover, must, onHost, specFolder } from './support/cli.js';
import { tracesOf } from './support/traces.js';

const LAB = 'it-routed';
const FIREWALL = `  lab:
    network: routed
    firewall:
      rules:
        - { protocol: icmp, addresses: [10.72.0.0/24] }
        - { protocol: tcp, port: "8080", addresses: [10.72.0.11/32] }`;

let folder: string;
beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.72.0', servers: 1, agents: 2, more: FIREWALL });
  await must(['lab', 'up'], folder);
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

const run = (host: string, command: string) => onHost(LAB, host, command, folder);
const ping = async (more: string): Promise<boolean> =>
  (await run('server-1', `ping -c 1 -W 1 ${more}`)).status === 0;

const LISTEN = (port: number): string =>
  `systemd-run --quiet --collect python3 -m http.server ${port} --directory /srv; until ss -Hltn "sport = :${port}" | grep -q .; do :; done`;
const get = async (from: string, port: number): Promise<boolean> =>
  (await run(from, `curl -s -o /dev/null --max-time 2 http://10.72.0.21:${port}/`)).status === 0;

describe('a routed lab', () => {
  it('gives hosts a /32 behind a gateway, and a packet size of 1450', async () => {
    expect((await run('server-1', 'ip -br address show host0')).stdout).toContain('10.72.0.11/32');
    expect(await ping('-M do -s 1422 10.72.0.22')).toBe(true);
    expect(await ping('-M do -s 1423 10.72.0.22')).toBe(false);
    expect((await run('server-1', 'ip route get 10.72.0.22')).stdout).toContain('via 10.72.0.1 ');
  });

  it('shows no host the frames of another', async () => {
    const neighbours = (await run('server-1', 'ip neigh show dev host0')).stdout;
    expect(neighbours).toMatch(/^10\.72\.0\.1 /);
    expect(neighbours).not.toContain('10.72.0.22');
  });

  it('drops packets whose source is not the sending host’s address', async () => {
    await run('server-1', 'ip address add 10.42.9.9/32 dev lo');
    await run('agent-2', 'ip route add 10.42.9.9/32 via 10.72.0.1 dev host0');
    expect(await ping('-I 10.42.9.9 10.72.0.22')).toBe(false);
    expect(await ping('10.72.0.22')).toBe(true);
  });

  it('filters inbound traffic by rule and lets answers pass', async () => {
    await run('agent-1', `${LISTEN(8080)}; ${LISTEN(9090)}`);
    expect(await get('server-1', 8080)).toBe(true);
    expect(await get('agent-2', 8080)).toBe(false);
    expect(await get('server-1', 9090)).toBe(false);
  });

  it('cuts and joins hosts as a switched one does', async () => {
    await must(['lab', 'partition', '--lab', LAB, 'server-1', 'agent-2'], folder);
    expect(await ping('10.72.0.22')).toBe(false);
    await must(['lab', 'partition', '--lab', LAB, '--heal'], folder);
    expect(await ping('10.72.0.22')).toBe(true);
  });

  it('plugs a host in again after a power cut', async () => {
    await must(['lab', 'crash', '--lab', LAB, 'agent-2'], folder);
    await must(['lab', 'start', '--lab', LAB, 'agent-2'], folder);
    expect(await ping('10.72.0.22')).toBe(true);
  });

  it('leaves nothing behind', async () => {
    await must(['lab', 'down', LAB], folder);
    expect(await tracesOf(LAB)).toEqual([]);
  });
});

import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kube } from '../../src/core/ports/kube.js';
import { ok } from '../../src/core/result.js';
import { servicesClean } from '../../src/steps/services/clean.js';
import { servicesProve } from '../../src/steps/services/prove.js';
import type { ApplyContext } from '../../src/steps/step.js';
import { drover, must, specFolder } from '../lab/support/cli.js';
import { alive, image, kubeOf, rootOn, value } from '../lab/support/cluster.js';
import { labTransport } from '../lab/support/transport.js';
import { contractBench, nextRun, performed } from '../steps/contract.js';
import { systemClock } from '../support/ports.js';

const LAB = 'long-services';
const RANGES =
  '    pods: 10.142.0.0/16\n    services: 10.143.0.0/16\n    cni: { name: flannel, mode: host-gw }';
let folder: string;
let kube: Kube;

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.126.0', servers: 1, agents: 1, more: RANGES });
  await must(['lab', 'up', '--cluster', '--timeout', '600'], folder);
  kube = await kubeOf(LAB, folder);
});
afterAll(async () => {
  kube.close();
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
});

/*
 * Who programs Services is changed with Cilium alone, which cannot run here. Its steps are shown with kube-proxy itself: the
 * proof holds with it, fails without it although rules stand there as before, and holds again on the way back.
 */
describe('Services', () => {
  const NODES_OF = [
    { name: 'server-1', address: '10.126.0.11' },
    { name: 'agent-1', address: '10.126.0.21' },
  ];
  const on = (host: string, command: string): Promise<string> => rootOn(LAB, host, command, folder);
  const COUNT =
    "{ iptables-save; ip6tables-save; } 2>/dev/null | grep -cE '^:KUBE-(SVC|SERVICES|NODEPORTS)' || true";
  const API_BY_SERVICE =
    'curl -sk --max-time 5 -o /dev/null -w %{http_code} https://10.143.0.1/version || true';

  const prove = async (limitSeconds: number) => {
    const context = {
      run: nextRun(),
      on: (host: string) => ({
        read: async (script: string) => ok({ status: 0, stdout: await on(host, script), stderr: '' }),
      }),
      kube: () => Promise.resolve(ok(kube)),
      clock: systemClock,
      signal: new AbortController().signal,
      progress: () => undefined,
    } as unknown as ApplyContext;
    const params = { nodes: NODES_OF, image: await image('busybox'), by: 'kube-proxy', limitSeconds };
    return servicesProve.apply(context, params, { known: true });
  };

  /** All servers, then the agents, as a change of network does it. */
  const restart = async (): Promise<void> => {
    const since = Date.now();
    for (const [host, unit] of [
      ['server-1', 'k3s'],
      ['agent-1', 'k3s-agent'],
    ] as const) {
      // On a busy machine the first start may end before the former process has let go of everything; systemd tries again.
      await on(host, `systemctl restart ${unit} || true`);
      await expect
        .poll(() => on(host, `systemctl is-active ${unit} || true`), { timeout: 180_000 })
        .toBe('active');
    }
    await alive(kube, ['server-1', 'agent-1'], since);
  };

  it('follow their endpoints as long as kube-proxy runs', async () => {
    expect(value(await prove(60))).toEqual({ answers: 32 });
  });

  it('look well without kube-proxy, until endpoints change; its rules go, and all comes back with it', async () => {
    const file = '/etc/rancher/k3s/config.yaml.d/90-no-proxy.yaml';
    await on(
      'server-1',
      `mkdir -p ${file.replace(/\/[^/]*$/, '')} && echo 'disable-kube-proxy: true' >${file}`,
    );
    await restart();
    for (const { name } of NODES_OF) {
      expect(Number(await on(name, COUNT))).toBeGreaterThan(0);
      await expect.poll(() => on(name, API_BY_SERVICE), { timeout: 300_000 }).toMatch(/^(200|401)$/);
    }
    const failed = await prove(5);
    expect(failed).toMatchObject({ ok: false, error: { code: 'services-not-proven' } });
    expect(failed.ok ? '' : failed.error.message).toMatch(/agent-1 and server-1: a Service does not follow/);

    await using transport = await labTransport(LAB);
    for (const target of NODES_OF) {
      const role = target.name.startsWith('server') ? 'server' : 'agent';
      const clean = contractBench(
        { transport, target, role, kube: () => Promise.resolve(kube) },
        { step: servicesClean, params: { services: '10.143.0.0/16' }, sabotage: 'true' },
      );
      expect(performed(await clean.attempt({ run: nextRun() })).result).toBe('changed');
      expect(await clean.plan()).toEqual([]);
      expect(await on(target.name, COUNT)).toBe('0');
      expect(await on(target.name, 'iptables-save')).toContain(':KUBE-KUBELET-CANARY');
    }

    await on('server-1', `rm ${file}`);
    await restart();
    expect(value(await prove(120))).toEqual({ answers: 32 });
  });
});

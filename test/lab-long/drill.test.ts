import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drover, must, specFolder } from '../lab/support/cli.js';
import { rootOn } from '../lab/support/cluster.js';
import { eventsOf, runIds, startApart } from '../lab/support/run-watch.js';
import { KUBECTL, spread } from '../lab/support/spread.js';
import { tracesOf } from '../lab/support/traces.js';

const LAB = 'long-drill';
const SERVERS = ['server-1', 'server-2', 'server-3'];
const CONFIRM = `lab/${LAB}/${LAB}`;
/** Clusters take half a minute longer by default to give a node up, and pods five minutes. */
const MORE = `  distribution:
    kind: k3s
    config:
      kube-controller-manager-arg: [node-monitor-grace-period=24s]
      kube-apiserver-arg: [default-unreachable-toleration-seconds=5]`;

let folder: string;
const on = (host: string, script: string): Promise<string> => rootOn(LAB, host, script, folder);
const drill = (host: string, ...more: readonly string[]) => [
  ...['drill', 'node-loss', '--lab', LAB, '--host', host, '--confirm', CONFIRM],
  ...more,
];
const newestRun = async (): Promise<string> => (await runIds(LAB)).at(-1) ?? '';

/** Waits until the host of a drill is away, as the journal of the newest run tells. */
const away = async (known: readonly string[]): Promise<string> => {
  await expect
    .poll(
      async () => {
        const fresh = (await runIds(LAB)).filter((id) => !known.includes(id)).at(-1);
        const events = fresh === undefined ? [] : await eventsOf(LAB, fresh);
        return events.some((event) => event.type === 'action-done' && event.action.startsWith('drill.stop/'));
      },
      { timeout: 300_000 },
    )
    .toBe(true);
  return newestRun();
};

const askerOf = (host: string): string => (host === 'server-1' ? 'server-2' : 'server-1');

const ready = async (host: string, timeout: number): Promise<void> => {
  const status = `${KUBECTL} get node ${host} -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}'`;
  await expect.poll(() => on(askerOf(host), status), { timeout, interval: 2_000 }).toBe('True');
};

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.124.0', servers: 3, agents: 1, more: MORE });
  await must(['lab', 'up'], folder);
  await must(['apply', '--yes', '--lab', LAB], folder);
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
  expect(await tracesOf(LAB)).toEqual([]);
});

describe('the loss of a node', () => {
  it.each([...SERVERS, 'agent-1'])(
    'is borne: %s is away, API and writes go on, its pods come up elsewhere, and it comes back',
    async (host) => {
      const asker = askerOf(host);
      const placed = `${spread(host)} && ${KUBECTL} wait --for=condition=Available deploy/web-${host} --timeout=300s`;
      await on(asker, placed);
      const drilled = await drover(drill(host), folder);
      expect(drilled.status, drilled.stderr).toBe(0);
      const events = await eventsOf(LAB, await newestRun());
      const proofs = events.flatMap((event) => (event.type === 'action-done' ? [event.proof] : []));
      expect(proofs[1]).toMatch(/^lost to the cluster after \d+ s; \d+ pods? ready elsewhere \d+ s later/);
      expect(proofs[2]).toBe(`${host} is Ready again`);
      expect(events.filter(({ type }) => type === 'guard-breach')).toEqual([]);
      expect(await on(host, 'systemctl is-active drover-drill.timer || true')).toBe('inactive');
      const left = `${KUBECTL} get configmaps -n kube-system -o name | grep -c drover-writes || true`;
      expect(await on(asker, left)).toBe('0');
      await ready(host, 1_000);
    },
  );

  it('ends at once when pods take longer than the budget, and says so', async () => {
    const late = `${spread('agent-1', 'late')} && ${KUBECTL} wait --for=condition=Available deploy/late --timeout=300s`;
    await on('server-1', late);
    const drilled = await drover(drill('agent-1', '--budget', '1s'), folder);
    expect(drilled.status, drilled.stderr).toBe(4);
    expect(drilled.stderr).toMatch(/workloads? of agent-1 did not come up elsewhere within 1 s/);
    expect(drilled.stderr).toContain('default/late-');
    await ready('agent-1', 60_000);
    expect(await on('agent-1', 'systemctl is-active drover-drill.timer || true')).toBe('inactive');
  });

  it('ends with the operator: the run that was cut is taken back, and the node with it', async () => {
    const known = await runIds(LAB);
    const cut = startApart(drill('server-2'), folder);
    const run = await away(known);
    await cut.kill();
    expect(await on('server-2', 'systemctl is-active drover-drill.timer')).toBe('active');
    // Who knows that it is dead says so: its last heartbeat was a moment ago.
    const back = await drover(['rollback', run, '--lab', LAB, '--yes', '--break-lock', run], folder);
    expect(back.status, back.stderr).toBe(0);
    await ready('server-2', 1_000);
    expect(await on('server-2', 'systemctl is-active drover-drill.timer || true')).toBe('inactive');
  });

  it('ends by itself when nobody is there any more: the host’s own timer starts K3s', async () => {
    const known = await runIds(LAB);
    const cut = startApart(drill('agent-1', '--budget', '1s'), folder);
    await away(known);
    await cut.kill();
    const unit = () => on('agent-1', 'systemctl is-active k3s-agent || true');
    expect(await unit()).not.toBe('active');
    await expect.poll(unit, { timeout: 600_000, interval: 2_000 }).toBe('active');
    await ready('agent-1', 600_000);
  }, 900_000);
});

import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drover, must, specFolder } from '../lab/support/cli.js';
import { rootOn } from '../lab/support/cluster.js';
import { addExternalHost } from '../lab/support/external-host.js';
import { ACCOUNT, SNAPSHOT } from '../lab/support/host-files.js';
import { eventsOf, runIds } from '../lab/support/run-watch.js';
import { KUBECTL, spread } from '../lab/support/spread.js';
import { tracesOf } from '../lab/support/traces.js';

const LAB = 'servers';
const FIRST = ['server-1', 'server-2'];
const ALL = [...FIRST, 'server-3'];

const BALANCER = '10.97.0.10';
const PING = `https://${BALANCER}:6443/ping`;
const MORE = `  loadBalancers:
    - name: lb
      scope: internal
      provider: haproxy
      host: lb
      manage: true
      listeners:
        - { name: api, port: 6443, backends: servers, health: { interval: 1s, timeout: 1s, retries: 2 } }
  acceptance:
    urls: [{ url: '${PING}', from: [outside], insecure: true }]`;

let folder: string;
const on = (host: string, script: string): Promise<string> => rootOn(LAB, host, script, folder);
const lab = (...words: readonly string[]) => drover([...words, '--lab', LAB], folder);

/** Names of the servers whose members of etcd vote. */
const voters = async (): Promise<readonly string[]> => {
  const vote = '{.metadata.name} {.status.conditions[?(@.type=="EtcdIsVoter")].status}';
  const seen = await on(
    'server-1',
    `k3s kubectl get nodes -o jsonpath='{range .items[*]}${vote}{"\\n"}{end}'`,
  );
  return seen
    .split('\n')
    .filter((line) => line.endsWith(' True'))
    .map((line) => line.split(' ')[0] ?? '')
    .sort();
};

/** What changes when a server, or a pod on it, is started anew. */
const lives = async (): Promise<readonly string[]> => {
  const pods = '{.metadata.uid} {.spec.nodeName} {.status.containerStatuses[*].restartCount}';
  const list = `k3s kubectl get pods -A -o jsonpath='{range .items[*]}${pods}{"\\n"}{end}'`;
  const starts = await Promise.all(
    FIRST.map((host) => on(host, 'systemctl show k3s --property InvocationID,NRestarts')),
  );
  const placed = (await on('server-1', list)).split('\n');
  return [...starts, ...placed.filter((line) => FIRST.some((host) => line.includes(` ${host} `)))];
};

const TOKEN = '/etc/rancher/k3s/drover-server-token';
/** A folder where K3s' script shall stand. */
const OBSTACLE = '/usr/local/bin/k3s-uninstall.sh';

/** The run that lets the third server join. */
let joining: string;
/** The run that started what stood still. */
let started: string;
let before: string;

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.97.0', servers: 3, agents: 1, more: MORE });
  await addExternalHost(folder, 'lb', BALANCER);
  await must(['lab', 'up'], folder);
  await on('server-3', `${ACCOUNT}; mkdir -p /etc/rancher/k3s`);
  before = await on('server-3', SNAPSHOT);
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
  expect(await tracesOf(LAB)).toEqual([]);
});

describe('three servers', () => {
  it('begin as two, and a third with a token of its own is not even planned', async () => {
    await must(['apply', '--yes', '--limit', FIRST.join(','), '--lab', LAB], folder);
    const known = await runIds(LAB);
    await on('server-3', 'echo "token: of-another-cluster" >/etc/rancher/k3s/config.yaml');
    const refused = await lab('apply', '--yes');
    await on('server-3', 'rm /etc/rancher/k3s/config.yaml');
    expect(refused.status, refused.stderr).toBe(10);
    expect(refused.stderr).toContain('plan-own-settings');
    expect(await runIds(LAB)).toEqual(known);
  });

  it('let the third join with their token alone: its refusal is told at once, with a way on', async () => {
    // What is installed fails, and what is configured does not: so the token can be changed before the start.
    await on('server-3', `mkdir -p ${OBSTACLE}/in-the-way`);
    const begun = await lab('apply', '--yes');
    expect(begun.status, begun.stderr).toBe(5);
    joining = (await runIds(LAB)).at(-1) ?? '';
    await on('server-3', `rm -r ${OBSTACLE}; echo spoiled >${TOKEN}`);

    const refused = await lab('apply', '--resume', '--yes');
    expect(refused.status, refused.stderr).toBe(5);
    const failures = (await eventsOf(LAB, joining)).filter(
      (event) => event.type === 'action-failed' && event.action === 'k3s.server/server-3',
    );
    expect(failures).toMatchObject([{ class: 'permanent', code: 'k3s-token-refused', retrying: false }]);
    expect(refused.stderr).toMatch(/state +\d+ of \d+ actions done and proven; k3s\.server\/server-3 failed/);
    expect(refused.stderr).toMatch(
      /why +server-3: the cluster does not accept the token of this host: .*401/,
    );
    expect(refused.stderr).toContain(`${TOKEN} must be as on the other hosts`);
    expect(refused.stderr).toMatch(new RegExp(`go on +(npx )?drover apply --resume ${joining}`));
    expect(await voters()).toEqual(FIRST);

    await on('server-3', `printf %s '${await on('server-1', `cat ${TOKEN}`)}' >${TOKEN}`);
    const resumed = await lab('apply', '--resume', '--yes');
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(await voters()).toEqual(ALL);
    // HAProxy came in the same run, and leads to every server.
    expect(await on('lb', `curl -ksS ${PING}`)).toBe('pong');
    expect(await on('lb', 'cat /etc/haproxy/haproxy.cfg')).toBe((await must(['balancer'], folder)).trim());
  });

  it('are started all at once when all of them stand still, by somebody who agrees to it', async () => {
    await Promise.all(ALL.map((host) => on(host, 'systemctl stop k3s')));
    const verified = await lab('verify');
    expect(verified.status, verified.stderr).toBe(3);
    expect(verified.stdout).toContain('[install-stopped]');
    const unnamed = await lab('apply', '--yes');
    expect(unnamed.status, unnamed.stderr).toBe(64);
    expect(unnamed.stdout).toContain('Start the K3s servers server-1, server-2, server-3 all at once');
    expect(unnamed.stdout).toContain('interrupts:');
    expect(unnamed.stderr).toContain(`--confirm lab/${LAB}/${LAB}`);
    const again = await lab('apply', '--confirm', `lab/${LAB}/${LAB}`);
    expect(again.status, again.stderr).toBe(0);
    started = (await runIds(LAB)).at(-1) ?? '';
    expect(await voters()).toEqual(ALL);
    expect(await must(['apply', '--yes', '--lab', LAB], folder)).toContain('No changes');
  });

  it('become two again when the run is taken back that brought the third, and nothing else is disturbed', async () => {
    // Pods on those who leave, which a budget lets go one by one.
    const leaving = ['server-3', 'agent-1'];
    for (const host of leaving) {
      await on('server-1', spread(host));
      const budget = `create pdb web-${host} --selector=app=web-${host} --max-unavailable=1`;
      await on(
        'server-1',
        `${KUBECTL} ${budget} && ${KUBECTL} rollout status deploy/web-${host} --timeout=300s`,
      );
    }
    const living = await lives();
    // What stood still goes on running. Whether that run changed anything else depends on what answered meanwhile.
    await lab('rollback', started, '--yes');
    expect(await voters()).toEqual(ALL);
    const back = await lab('rollback', joining, '--yes');
    expect(back.status, back.stderr).toBe(0);
    const order = ['drain/server-3', 'undo/k3s.server/server-3', 'leave/server-3'];
    const events = await eventsOf(LAB, (await runIds(LAB)).at(-1) ?? '');
    const done = events.flatMap((event) => (event.type === 'action-done' ? [event] : []));
    expect(done.map(({ action }) => action).filter((id) => order.includes(id))).toEqual(order);
    for (const host of leaving) {
      expect(done.find(({ action }) => action === `drain/${host}`)?.proof).toBe(
        `${host} is cordoned and empty`,
      );
      const node = `${KUBECTL} get pods -l app=web-${host} -o jsonpath='{.items[*].spec.nodeName}'`;
      expect(FIRST).toContain(await on('server-1', node));
      await on('server-1', `${KUBECTL} wait --for=condition=Available deploy/web-${host} --timeout=300s`);
    }
    expect(await on('server-3', SNAPSHOT)).toBe(before);
    expect(await on('lb', 'command -v haproxy || echo gone')).toBe('gone');
    expect(await voters()).toEqual(FIRST);
    expect(await lives()).toEqual(expect.arrayContaining([...living]));
    await on('server-1', 'k3s kubectl create configmap written && k3s kubectl delete configmap written');
  });
});

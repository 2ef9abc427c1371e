import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drover, must, specFolder } from './support/cli.js';
import { rootOn } from './support/cluster.js';
import { ACCOUNT, SNAPSHOT } from './support/host-files.js';
import { eventsOf, newRun, runIds, startApart, untilJournal } from './support/run-watch.js';
import { tracesOf } from './support/traces.js';

const LAB = 'rollback';
const HOSTS = ['server-1', 'agent-1'];

let folder: string;
beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.92.0', servers: 1, agents: 1 });
  await must(['lab', 'up'], folder);
  for (const host of HOSTS) await on(host, ACCOUNT);
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
  expect(await tracesOf(LAB)).toEqual([]);
});

const on = (host: string, script: string): Promise<string> => rootOn(LAB, host, script, folder);
const snapshots = (): Promise<string[]> => Promise.all(HOSTS.map((host) => on(host, SNAPSHOT)));
const lab = (...words: readonly string[]) => drover([...words, '--lab', LAB], folder);

/** A folder where K3s' script shall stand: the agent's installation fails, the server's goes on. */
const OBSTACLE = '/usr/local/bin/k3s-agent-uninstall.sh';

/** Leaves no cache in the home folder. */
const KUBECTL = 'k3s kubectl --cache-dir /tmp/kube';

/** What a person may have put on the agent's node. */
const marks = async () => {
  const node = JSON.parse(await on('server-1', `${KUBECTL} get node agent-1 -o json`)) as {
    readonly metadata: {
      readonly labels: Record<string, string>;
      readonly annotations: Record<string, string>;
    };
    readonly spec: { readonly taints?: readonly object[] };
  };
  const { labels, annotations } = node.metadata;
  return { labels, taints: node.spec.taints, owned: annotations['drover.dev/owned'] };
};

describe('rolling back', () => {
  let before: readonly string[];
  let run: string;
  beforeAll(async () => {
    before = await snapshots();
  });

  it('takes a build that failed half-way back at once when asked to, and leaves hosts as they were', async () => {
    await on('agent-1', `mkdir -p ${OBSTACLE}/in-the-way`);
    const failed = await lab('apply', '--yes', '--on-failure', 'rollback');
    await on('agent-1', `rm -r ${OBSTACLE}`);
    expect(failed.status, failed.stderr).toBe(4);
    expect(failed.stderr).toContain('k3s.server/server-1: k3s is active and enabled');
    expect(failed.stderr).toMatch(/go back +(npx )?drover rollback \d{8}-\d{6}-[0-9a-f]{4}/);
    expect(await snapshots()).toEqual(before);
  });

  it('says that there is nothing left to take back', async () => {
    const again = await lab('rollback', '--yes');
    expect(again.status, again.stderr).toBe(0);
    expect(again.stdout).toMatch(/^Nothing to take back: everything that run \S+ changed is as it was\.$/m);
  });

  it('keeps what a run found on the hosts, for root alone, and digests of it in the journal', async () => {
    await must(['apply', '--yes', '--lab', LAB], folder);
    run = (await runIds(LAB)).at(-1) ?? '';
    const events = await eventsOf(LAB, run);
    for (const host of HOSTS) {
      expect(await on(host, `stat -c %a /var/lib/drover/${run}`)).toBe('700');
      const lists = `find /var/lib/drover/${run} -path '*/before/index' -size +0 -exec sha256sum {} + | cut -d' ' -f1`;
      const told = events.flatMap((event) =>
        event.type === 'action-saved' && event.host === host ? [event.digest] : [],
      );
      expect(told).toEqual(expect.arrayContaining((await on(host, lists)).split('\n')));
    }
  });

  it('puts labels and taints of a node back as they were, and leaves those of others', async () => {
    const found = await marks();
    const file = join(folder, 'drover.yaml');
    const spec = await readFile(file, 'utf8');
    const more =
      'role: agent, purpose: web, labels: { disk: slow }, taints: [{ key: heavy, effect: NoSchedule }] }';
    await writeFile(file, spec.replace('role: agent }', more));
    await must(['apply', '--yes', '--lab', LAB], folder);
    const marked = await marks();
    expect(marked.labels).toMatchObject({ 'drover.dev/purpose': 'web', disk: 'slow' });
    expect(marked.taints).toContainEqual({ key: 'heavy', effect: 'NoSchedule' });
    await on('server-1', `${KUBECTL} label node agent-1 theirs=stays`);
    const back = await lab('rollback', '--yes');
    expect(back.status, back.stderr).toBe(0);
    expect(await marks()).toEqual({ ...found, labels: { ...found.labels, theirs: 'stays' } });
    await writeFile(file, spec);
    expect(await must(['apply', '--yes', '--lab', LAB], folder)).toContain('No changes');
  });

  it('pauses at what others have changed and at saved states that are damaged, all of it at once', async () => {
    const hosts = await on('agent-1', 'cat /etc/hosts');
    const grep = `grep -l "$(printf /etc/hosts | base64)" /var/lib/drover/${run}/*/before/index | head -1`;
    const copy = `"$(dirname "$(${grep})")/1"`;
    await on(
      'agent-1',
      `echo 10.9.9.9 by-hand >>/etc/hosts; cp -p ${copy} /root/copy && echo tampered >>${copy}`,
    );
    const paused = await lab('rollback', run, '--yes');
    expect(paused.status, paused.stderr).toBe(6);
    expect(paused.stderr).toMatch(/rollback-damaged.*saved is damaged/);
    expect(paused.stderr).toContain('agent-1: file /etc/hosts');
    expect(await on('agent-1', 'tail -1 /etc/hosts')).toBe('10.9.9.9 by-hand');
    await on('agent-1', `cp -p /root/copy ${copy} && rm /root/copy; echo 10.9.9.9 by-hand >>/etc/hosts`);
    expect((await lab('rollback', run, '--yes')).stderr).toMatch(/rollback-foreign[^]*file \/etc\/hosts/);
    await on('agent-1', `cat >/etc/hosts <<'HOSTS'\n${hosts}\nHOSTS`);
  });

  it('asks for the cluster’s name before data goes', async () => {
    await on(
      'agent-1',
      'mkdir -p /var/lib/rancher/k3s/storage/pvc-1 && echo precious >/var/lib/rancher/k3s/storage/pvc-1/data',
    );
    const unnamed = await lab('rollback', run, '--yes');
    expect(unnamed.status).toBe(64);
    expect(unnamed.stdout).toContain(
      'irreversible: deletes the data of volumes in /var/lib/rancher/k3s/storage',
    );
    expect(unnamed.stderr).toContain(`--confirm lab/${LAB}/${LAB}`);
    expect(await on('agent-1', 'cat /var/lib/rancher/k3s/storage/pvc-1/data')).toBe('precious');
    expect(await on('agent-1', 'systemctl is-active k3s-agent')).toBe('active');
  });

  it('is stopped by Ctrl-C, gone on with by its own command, and leaves nothing behind', async () => {
    const known = await runIds(LAB);
    const back = startApart(['rollback', run, '--confirm', `lab/${LAB}/${LAB}`, '--lab', LAB], folder);
    const id = await newRun(LAB, known);
    await untilJournal(LAB, id, (events) => events.some(({ type }) => type === 'action-intent'));
    back.interrupt();
    const stopped = await back.ended;
    expect(stopped.status, stopped.text).toBe(130);
    expect(stopped.text).toContain(`drover rollback --resume ${id}`);
    const forward = await lab('apply', '--resume', '--yes');
    expect(forward.status, forward.stderr).toBe(64);
    expect(forward.stderr).toContain(`drover rollback --resume ${id}`);
    const resumed = await lab('rollback', '--resume');
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(await snapshots()).toEqual(before);
    for (const host of HOSTS) expect(await on(host, 'ls /var/lib/drover | grep -vx lock')).toBe('fence');
  });
});

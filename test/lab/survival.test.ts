import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeClusterLock } from '../../src/app/cluster/cluster-lock.js';
import type { RunEvent } from '../../src/core/events/run.js';
import { toolsOn } from '../app/cluster/rig.js';
import { patientClock } from '../run/patient-clock.js';
import { systemClock } from '../support/ports.js';
import { drover, must, onHost } from './support/cli.js';
import { kubeOf, value } from './support/cluster.js';
import { killAgainAndAgain, seeded, startOf } from './support/kills.js';
import { cutConnections, eventsOf, newRun, runIds, startApart, untilJournal } from './support/run-watch.js';
import { onTerminal } from './support/terminal.js';
import { applyOn, began, resumeOn, type TwoHosts, twoHosts } from './support/two-hosts.js';

const LAB = 'survival';
const APPLY = applyOn(LAB);
const RESUME = resumeOn(LAB);

/** The number of the lock that a run held last. */
const fencingOf = (events: readonly RunEvent[]): number =>
  events.reduce((last, event) => (event.type === 'run-start' ? event.fencing : last), 0);

let hosts: TwoHosts;
let folder: string;
/** What an undisturbed run leaves on the hosts. */
let undisturbed: readonly string[];

beforeAll(async () => {
  hosts = await twoHosts({ name: LAB, net: '10.91.0' });
  folder = hosts.folder;
});
afterAll(() => hosts[Symbol.asyncDispose]());

describe('a run in trouble', () => {
  it('is not begun when a host was changed by hand after its plan was saved', async () => {
    const plan = join(folder, 'plan.json');
    await must(['plan', '--lab', LAB, '-o', plan], folder);
    const mine = '/etc/rancher/k3s/config.yaml';
    await onHost(LAB, 'agent-1', `mkdir -p /etc/rancher/k3s && echo 'debug: true' > ${mine}`, folder);
    const refused = await drover(['apply', plan, '--yes', '--lab', LAB], folder);
    expect(refused.status, refused.stderr).toBe(15);
    expect(refused.stderr).toContain('agent-1');
    expect(await runIds(LAB)).toEqual([]);
    await onHost(LAB, 'agent-1', 'rm -r /etc/rancher', folder);
  });

  it('keeps a second operator out by name, and is not disturbed by the attempt', async () => {
    const run = await hosts.begin();
    const watcher = startApart(['status', '--watch', '--lab', LAB], folder);
    await untilJournal(LAB, run.id, began('k3s.binary/server-1'));
    const elsewhere = await mkdtemp(join(tmpdir(), 'drover-second-'));
    await writeFile(join(elsewhere, 'drover.yaml'), await readFile(join(folder, 'drover.yaml')));
    const asking = onTerminal(['apply', '--yes', '--break-lock', '--lab', LAB], elsewhere);
    const second = await drover(APPLY, elsewhere);
    expect(second.status, second.stderr).toBe(16);
    expect(second.stderr).toContain(run.id);
    await asking.answer(new RegExp(`Run ${run.id} of \\S+ holds this cluster.*seems to be alive`), 'no');
    expect(await asking.ended).toMatchObject({ status: 16 });
    await rm(elsewhere, { recursive: true });
    const first = await run.ended;
    expect(first.status, first.text).toBe(0);
    const watched = await watcher.ended;
    expect(watched.status, watched.text).toBe(0);
    expect(watched.text).toContain(`run ${run.id}: open`);
    expect(watched.text.split(`run ${run.id}: `).at(-1)).toMatch(
      /^done\n[^]*(\d+) of \1 actions done, 0 not started/,
    );
    undisturbed = await hosts.inventory();
  });

  it('leaves a cluster that the policy judges as it runs', async () => {
    expect((await drover(['policy', '--live', '--lab', LAB], folder)).stdout).toContain('no rule is broken');
    await onHost(LAB, 'server-1', 'k3s kubectl create service nodeport open --tcp=80', folder);
    const judged = await drover(['policy', '--live', '--enforce', '--lab', LAB, '-o', 'json'], folder);
    expect(judged.status, judged.stderr).toBe(11);
    const { breaches } = JSON.parse(judged.stdout) as { readonly breaches: readonly object[] };
    expect(breaches).toMatchObject([
      { rule: 'no-node-port', object: 'default/Service/open', severity: 'error' },
    ]);
    await onHost(LAB, 'server-1', 'k3s kubectl delete service open', folder);
  });

  it('of somebody who is gone is taken over by who is shown its holder and types its name', async () => {
    const gone = '20260101-000000-dead';
    const lock = `/var/lib/drover/lock/${LAB}`;
    await onHost(
      LAB,
      'server-1',
      `echo 'held ${gone} ann@home' >${lock}; touch -d '-10 min' ${lock}`,
      folder,
    );
    await onHost(LAB, 'agent-1', 'rm /etc/sysctl.d/*drover*', folder);
    const known = await runIds(LAB);
    const refused = await drover(APPLY, folder);
    expect(refused.status, refused.stderr).toBe(16);
    expect(refused.stderr).toContain(`--break-lock ${gone}`);
    const before = fencingOf(await eventsOf(LAB, known.at(-1) ?? ''));
    const taking = onTerminal(['apply', '--yes', '--break-lock', '--lab', LAB], folder);
    await taking.answer(
      new RegExp(`Run ${gone} of ann@home holds this cluster; its last heartbeat is \\d{3} s`),
      gone,
    );
    const taken = await taking.ended;
    expect(taken.status, taken.text).toBe(0);
    const id = (await runIds(LAB)).find((each) => !known.includes(each)) ?? '';
    expect(fencingOf(await eventsOf(LAB, id))).toBeGreaterThan(before);
    await hosts.expectAs(undisturbed);
  });

  it('holds a Lease in the cluster, which operators with only a kubeconfig take in turn', async () => {
    const kube = await kubeOf(LAB, folder);
    const access = {
      open: () => Promise.resolve({ ok: true as const, value: kube }),
      close: () => undefined,
    };
    let later = 0;
    // Nobody gives a heartbeat, however long this takes.
    const clock = {
      ...patientClock(),
      now: () => systemClock.now() + later,
      monotonic: () => systemClock.monotonic() + later,
    };
    const take = (run: string, operator: string, breakRun?: string) =>
      takeClusterLock(
        { cluster: LAB, run, servers: [], access, breakRun },
        { ...toolsOn({ transport: undefined as never }, folder, operator).tools, clock },
      );
    const last = fencingOf(await eventsOf(LAB, (await runIds(LAB)).at(-1) ?? ''));
    const both = await Promise.all([take('run-1', 'ann@home'), take('run-2', 'bob@work')]);
    const [first] = both.flatMap((each) => (each.ok ? [each.value] : []));
    if (first === undefined) throw new Error('the Lease is free');
    expect(first.fencing).toBeGreaterThan(last);
    const [winner, loser] = both[0].ok ? (['run-1', 'run-2'] as const) : (['run-2', 'run-1'] as const);
    expect(both.find((each) => !each.ok)).toMatchObject({
      error: [{ code: 'run-locked', message: expect.stringContaining(`run ${winner} of`) as string }],
    });
    expect(await first.fence()).toBeUndefined();
    later = 40_000;
    expect(await take(loser, 'bob@work')).toMatchObject({
      error: [{ hint: expect.stringContaining(`--break-lock ${winner}`) as string }],
    });
    const second = value(await take(loser, 'bob@work', winner));
    expect(second.fencing).toBe(first.fencing + 1);
    later += 2_000;
    expect(await first.fence()).toMatchObject({ kind: 'cancelled' });
    await first.end(false);
    await second.end(true);
    later += 999_000;
    expect(await take('run-3', 'ann@home')).toMatchObject({
      error: [{ message: expect.stringMatching(/and is paused$/) as string }],
    });
    const third = value(await take('run-3', 'ann@home', loser));
    expect(third.fencing).toBe(second.fencing + 1);
    await third.end(false);
    kube.close();
  });

  it('ends as an undisturbed one after it was killed five times and resumed', async () => {
    await hosts.bare();
    const kills = seeded(20_261_121, 5, { from: 2, to: 8 });
    const run = await hosts.begin();
    const { id } = run;
    await killAgainAndAgain(run, { lab: LAB, id, after: kills }, () => startApart(RESUME, folder));
    const last = await drover(RESUME, folder);
    expect(last.status, `${kills.join(' ')}: ${last.stderr}`).toBe(0);
    const events = await eventsOf(LAB, id);
    expect(events.filter(({ type }) => type === 'run-start')).toHaveLength(kills.length + 1);
    const done = events.flatMap((event) => (event.type === 'action-done' ? [event.action] : []));
    expect(done).toEqual([...new Set(done)]);
    await hosts.expectAs(undisturbed);
  });

  it('is cut off by a second Ctrl-C while its effect goes on, and joins it when it is resumed', async () => {
    await hosts.bare();
    const known = await runIds(LAB);
    const cut = startApart(['apply', '--yes', '--lab', LAB], folder);
    const id = await newRun(LAB, known);
    await untilJournal(LAB, id, began('k3s.server/server-1'));
    cut.interrupt();
    await cut.says('nothing new is started, what runs may finish');
    cut.interrupt();
    const ended = await cut.ended;
    expect(ended.status, ended.text).toBe(130);
    expect(ended.text).toContain('cutting off what runs');
    expect(ended.text).toContain(`drover apply --resume ${id}`);
  });

  it('goes on by itself when its connections are cut in the middle of an action', async () => {
    const id = (await runIds(LAB)).at(-1) ?? '';
    const run = startApart(RESUME, folder);
    const again = (events: readonly RunEvent[]) =>
      began('k3s.server/server-1')(events.slice(startOf(events, 1)));
    await untilJournal(LAB, id, again);
    expect(await cutConnections(LAB)).toBeGreaterThan(0);
    const ended = await run.ended;
    expect(ended.status, ended.text).toBe(0);
    await hosts.expectAs(undisturbed);
  });
});

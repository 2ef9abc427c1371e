import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeClusterLock } from '../../src/app/cluster/cluster-lock.js';
import type { RunEvent } from '../../src/core/events/run.js';
import { toolsOn } from '../app/cluster/rig.js';
import { patientClock } from '../run/patient-clock.js';
import { systemClock } from '../support/ports.js';
import { drover, must, onHost, specFolder } from './support/cli.js';
import { kubeOf, value } from './support/cluster.js';
import { killAgainAndAgain, seeded, startOf } from './support/kills.js';
import { otherMachine } from './support/other-machine.js';
import { cutConnections, eventsOf, newRun, runIds, startApart, untilJournal } from './support/run-watch.js';
import { onTerminal } from './support/terminal.js';

const LAB = 'survival';
const HOSTS = ['server-1', 'agent-1'] as const;
const APPLY = ['apply', '--yes', '--lab', LAB, '-q'];
const RESUME = ['apply', '--resume', '--yes', '--lab', LAB, '-q'];

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

const inventory = async (folder: string): Promise<readonly string[]> => {
  const all = await Promise.all(
    HOSTS.map(async (host) => {
      const seen = await onHost(LAB, host, `${INVENTORY}; ${SETTINGS}`, folder);
      return seen.stdout.split('\n').map((line) => `${host}: ${line}`);
    }),
  );
  return all.flat();
};

const nodes = async (folder: string): Promise<readonly string[]> => {
  const seen = await onHost(LAB, 'server-1', 'k3s kubectl get nodes -o name', folder);
  return seen.stdout.trim().split('\n').sort();
};

const began =
  (action: string) =>
  (events: readonly RunEvent[]): boolean =>
    events.some((event) => event.type === 'action-intent' && event.action === action);

/** The number of the lock that a run held last. */
const fencingOf = (events: readonly RunEvent[]): number =>
  events.reduce((last, event) => (event.type === 'run-start' ? event.fencing : last), 0);

let folder: string;
/** Starts `drover apply`; `id` is that of its run. */
const begin = async () => {
  const known = await runIds(LAB);
  const run = startApart(APPLY, folder);
  return { ...run, id: await newRun(LAB, known) };
};

/** What an undisturbed run leaves on the hosts. */
let undisturbed: readonly string[];

const bare = async (): Promise<void> => {
  await must(['lab', 'reset', '--lab', LAB], folder);
};

const expectAsUndisturbed = async (): Promise<void> => {
  expect(await inventory(folder)).toEqual(undisturbed);
  expect(await nodes(folder)).toEqual(['node/agent-1', 'node/server-1']);
  const again = await drover(APPLY, folder);
  expect(again.status, again.stderr).toBe(0);
  expect(again.stdout).toContain('No changes');
};

beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.91.0', servers: 1, agents: 1 });
  await must(['lab', 'up'], folder);
});
afterAll(async () => {
  await must(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
});

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
    const run = await begin();
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
    undisturbed = await inventory(folder);
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
    await expectAsUndisturbed();
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
    await bare();
    const kills = seeded(20_261_121, 5, { from: 2, to: 8 });
    const run = await begin();
    const { id } = run;
    await killAgainAndAgain(run, { lab: LAB, id, after: kills }, () => startApart(RESUME, folder));
    const last = await drover(RESUME, folder);
    expect(last.status, `${kills.join(' ')}: ${last.stderr}`).toBe(0);
    const events = await eventsOf(LAB, id);
    expect(events.filter(({ type }) => type === 'run-start')).toHaveLength(kills.length + 1);
    const done = events.flatMap((event) => (event.type === 'action-done' ? [event.action] : []));
    expect(done).toEqual([...new Set(done)]);
    await expectAsUndisturbed();
  });

  it('is gone on with by another machine that has nothing but the spec and an identity', async () => {
    await bare();
    const run = await begin();
    await untilJournal(LAB, run.id, began('k3s.server/server-1'));
    await run.kill();
    const other = await otherMachine(LAB, join(folder, 'drover.yaml'));
    const resumed = await drover(['apply', '--resume', '--yes', '--lab', LAB], other.folder, other.env);
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(resumed.stderr).toContain(`run ${run.id} was read from server-1`);
    const journal = await readFile(join(other.state, 'runs', run.id, 'journal.jsonl'), 'utf8');
    const before = await eventsOf(LAB, run.id);
    expect(journal.split('\n').filter((line) => line.includes('"type":"run-start"'))).toHaveLength(2);
    expect(journal.split('\n').length).toBeGreaterThan(before.length);
    await other.remove();
    await expectAsUndisturbed();
  });

  it('touches nothing but the hosts that it is limited to, and says that it is partial', async () => {
    await bare();
    const server = async () => (await inventory(folder)).filter((line) => line.startsWith('server-1: '));
    const before = await server();
    const partial = await drover(['apply', '--limit', 'agent-1', '--yes', '--lab', LAB], folder);
    expect(partial.status, partial.stderr).toBe(0);
    expect(partial.stdout).toMatch(/^Partial: only agent-1/m);
    expect(partial.stderr).toMatch(/partial: only agent-1; \d+ actions left out/);
    const events = await eventsOf(LAB, (await runIds(LAB)).at(-1) ?? '');
    const touched = events.flatMap((event) => (event.type === 'action-intent' ? [event.host] : []));
    expect([...new Set(touched)]).toEqual(['agent-1']);
    expect(await server()).toEqual(before);
  });

  it('is cut off by a second Ctrl-C while its effect goes on, and joins it when it is resumed', async () => {
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
    await expectAsUndisturbed();
  });

  it('leaves a host without power for later, and joins it when it is resumed', async () => {
    await bare();
    const run = await begin();
    await untilJournal(LAB, run.id, began('k3s.server/server-1'));
    await must(['lab', 'crash', 'agent-1', '--lab', LAB], folder);
    const ended = await run.ended;
    expect(ended.status, ended.text).toBe(5);
    expect(await nodes(folder)).toEqual(['node/server-1']);
    await must(['lab', 'start', 'agent-1', '--lab', LAB], folder);
    const resumed = await drover(RESUME, folder);
    expect(resumed.status, resumed.stderr).toBe(0);
    await expectAsUndisturbed();
  });

  it('goes on with the other hosts when one has no room, leaves nothing half-written, and ends well once there is room', async () => {
    await bare();
    const full = ['lab', 'break', 'disk-nearly-full', '--host', 'agent-1', '--lab', LAB];
    await must(full, folder);
    const refused = await drover(['apply', '--yes', '--lab', LAB], folder);
    expect(refused.status, refused.stderr).toBe(11);
    expect(refused.stderr).toContain('disk-full');
    const stopped = await drover([...APPLY, '--ignore', 'disk-full'], folder);
    expect(stopped.status, stopped.stderr).toBe(5);
    expect(stopped.stderr).toMatch(/why +agent-1: .*No space left on device/);
    expect(stopped.stderr).toMatch(/go on +(npx )?drover apply --resume \d{8}-\d{6}-[0-9a-f]{4}/);
    expect(await nodes(folder)).toEqual(['node/server-1']);
    const halves = "find / /var/lib/rancher -xdev \\( -name '*.drover-new' -o -name index.new \\)";
    expect((await onHost(LAB, 'agent-1', halves, folder)).stdout).toBe('');
    await onHost(LAB, 'agent-1', 'rm /var/lib/rancher/ballast', folder);
    const resumed = await drover(RESUME, folder);
    expect(resumed.status, resumed.stderr).toBe(0);
    await expectAsUndisturbed();
  });

  it('ends as undisturbed when its server is started anew while it founds, and its agent while it joins', async () => {
    await bare();
    const run = await begin();
    const powerCut = async (host: string, action: string): Promise<void> => {
      await untilJournal(LAB, run.id, began(action));
      await must(['lab', 'crash', host, '--lab', LAB], folder);
      await must(['lab', 'start', host, '--lab', LAB], folder);
    };
    const cuts = powerCut('server-1', 'k3s.server/server-1').then(() =>
      powerCut('agent-1', 'k3s.agent/agent-1'),
    );
    let last = await run.ended;
    // A host that is back soon is waited for; one that is away for longer is left for the next time.
    for (let again = 0; last.status === 5 && again < 4; again += 1)
      last = await startApart(RESUME, folder).ended;
    await cuts;
    expect(last.status, last.text).toBe(0);
    await expectAsUndisturbed();
  });
});

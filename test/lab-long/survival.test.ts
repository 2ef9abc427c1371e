import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drover, must, onHost } from '../lab/support/cli.js';
import { otherMachine } from '../lab/support/other-machine.js';
import { eventsOf, runIds, startApart, untilJournal } from '../lab/support/run-watch.js';
import { applyOn, began, resumeOn, type TwoHosts, twoHosts } from '../lab/support/two-hosts.js';

const LAB = 'survival-long';
const APPLY = applyOn(LAB);
const RESUME = resumeOn(LAB);

let hosts: TwoHosts;
let folder: string;
/** What an undisturbed run leaves on the hosts. */
let undisturbed: readonly string[];

beforeAll(async () => {
  hosts = await twoHosts({ name: LAB, net: '10.95.0' });
  folder = hosts.folder;
  await must(APPLY, folder);
  undisturbed = await hosts.inventory();
});
afterAll(() => hosts[Symbol.asyncDispose]());

describe('a run in trouble', () => {
  it('is gone on with by another machine that has nothing but the spec and an identity', async () => {
    await hosts.bare();
    const run = await hosts.begin();
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
    await hosts.expectAs(undisturbed);
  });

  it('touches nothing but the hosts that it is limited to, and says that it is partial', async () => {
    await hosts.bare();
    const server = async () => (await hosts.inventory()).filter((line) => line.startsWith('server-1: '));
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

  it('leaves a host without power for later, and joins it when it is resumed', async () => {
    await hosts.bare();
    const run = await hosts.begin();
    await untilJournal(LAB, run.id, began('k3s.server/server-1'));
    await must(['lab', 'crash', 'agent-1', '--lab', LAB], folder);
    const ended = await run.ended;
    expect(ended.status, ended.text).toBe(5);
    expect(await hosts.nodes()).toEqual(['node/server-1']);
    await must(['lab', 'start', 'agent-1', '--lab', LAB], folder);
    const resumed = await drover(RESUME, folder);
    expect(resumed.status, resumed.stderr).toBe(0);
    await hosts.expectAs(undisturbed);
  });

  it('goes on with the other hosts when one has no room, leaves nothing half-written, and ends well once there is room', async () => {
    await hosts.bare();
    const full = ['lab', 'break', 'disk-nearly-full', '--host', 'agent-1', '--lab', LAB];
    await must(full, folder);
    const refused = await drover(['apply', '--yes', '--lab', LAB], folder);
    expect(refused.status, refused.stderr).toBe(11);
    expect(refused.stderr).toContain('disk-full');
    const stopped = await drover([...APPLY, '--ignore', 'disk-full'], folder);
    expect(stopped.status, stopped.stderr).toBe(5);
    expect(stopped.stderr).toMatch(/why +agent-1: .*No space left on device/);
    expect(stopped.stderr).toMatch(/go on +(npx )?drover apply --resume \d{8}-\d{6}-[0-9a-f]{4}/);
    expect(await hosts.nodes()).toEqual(['node/server-1']);
    const halves = "find / /var/lib/rancher -xdev \\( -name '*.drover-new' -o -name index.new \\)";
    expect((await onHost(LAB, 'agent-1', halves, folder)).stdout).toBe('');
    await onHost(LAB, 'agent-1', 'rm /var/lib/rancher/ballast', folder);
    const resumed = await drover(RESUME, folder);
    expect(resumed.status, resumed.stderr).toBe(0);
    await hosts.expectAs(undisturbed);
  });

  it('ends as undisturbed when its server is started anew while it founds, and its agent while it joins', async () => {
    await hosts.bare();
    const run = await hosts.begin();
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
    await hosts.expectAs(undisturbed);
  });
});

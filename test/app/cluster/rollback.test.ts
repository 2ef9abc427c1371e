import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRollback } from '../../../src/app/cluster/rollback.js';
import { createRun, loadRun } from '../../../src/app/cluster/run-store.js';
import type { JournalLine } from '../../../src/run/journal-line.js';
import { makeLine } from '../../../src/run/journal-line.js';
import { openMirror } from '../../../src/run/mirror/mirror.js';
import { type FolderHosts, folderHosts } from '../../run/folder-hosts.js';
import { planOf } from '../../run/made-up.js';
import { systemClock } from '../../support/ports.js';
import { subjectOf, type ToolsRig, toolsOn } from './rig.js';

const RUN = '20260101-000000-aaaa';
const plan = planOf([{ name: 'only', goal: 'nothing', goals: [] }]);

let hosts: FolderHosts;
let stateDir: string;
let rig: ToolsRig;
beforeEach(async () => {
  hosts = await folderHosts(['s1']);
  stateDir = await mkdtemp(join(tmpdir(), 'drover-state-'));
  rig = toolsOn(hosts, stateDir);
});
afterEach(async () => {
  await hosts.remove();
  await rm(stateDir, { recursive: true });
});

/** What another machine wrote of the run, on the server. */
const mirrored = async (): Promise<readonly JournalLine[]> => {
  const lines = [0, 1, 2].reduce<JournalLine[]>((before, at) => {
    const event = { type: 'action-skipped', run: RUN, action: `${at}`, reason: 'test' } as const;
    return [...before, makeLine(before.at(-1), '2026-01-01T00:00:00.000Z', event)];
  }, []);
  const copies = openMirror({
    transport: hosts.transport,
    clock: systemClock,
    hosts: [hosts.target('s1')],
    run: RUN,
    cluster: 'made-up',
    fencing: 1,
    lines: [],
  });
  copies.put('plan.json', JSON.stringify(plan));
  for (const line of lines) copies.add(line);
  expect(await copies.flush()).toEqual([]);
  return lines;
};

const planned = () =>
  makeRollback(
    {
      id: undefined,
      cluster: 'made-up',
      subject: subjectOf(hosts, ['s1']),
      overwrite: false,
      leaveDamaged: false,
    },
    rig.tools,
  );

describe('the way back of a run that another machine went on with', () => {
  it('is planned from all that was done, by a machine that has nothing of the run', async () => {
    const lines = await mirrored();
    expect(await planned()).toMatchObject({ ok: true, value: { run: RUN } });
    expect(await loadRun(stateDir, RUN)).toMatchObject({ ok: true, value: { lines } });
  });

  it('is planned from all that was done, by the machine that began it', async () => {
    await (await createRun(stateDir, RUN, plan, systemClock)).close();
    const lines = await mirrored();
    expect(await planned()).toMatchObject({ ok: true, value: { run: RUN } });
    expect(await loadRun(stateDir, RUN)).toMatchObject({ ok: true, value: { lines } });
  });

  it('is not planned where nobody has a run', async () => {
    expect(await planned()).toMatchObject({ ok: false, error: [{ code: 'run-not-found' }] });
  });
});

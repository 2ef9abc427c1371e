import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resumeRun } from '../../../src/app/cluster/resume.js';
import { createRun, loadRun } from '../../../src/app/cluster/run-store.js';
import { exitOfRun } from '../../../src/cli/run-exit.js';
import type { Plan } from '../../../src/plan/model.js';
import { statusOf } from '../../../src/run/run-status.js';
import { type FolderHosts, folderHosts } from '../../run/folder-hosts.js';
import { planOf } from '../../run/made-up.js';
import { systemClock } from '../../support/ports.js';
import { subjectOf, type ToolsRig, toolsOn } from './rig.js';

const forward = planOf([{ name: 'only', goal: 'nothing', goals: [] }]);
const back: Plan = { ...forward, takesBack: { run: '20260101-000000-aaaa', stays: [] } };
const [FIRST, SECOND] = ['20260101-000000-aaaa', '20260101-000001-bbbb'] as const;

let hosts: FolderHosts;
let stateDir: string;
let rig: ToolsRig;
beforeEach(async () => {
  hosts = await folderHosts(['s1', 's2', 's3']);
  stateDir = await mkdtemp(join(tmpdir(), 'drover-state-'));
  rig = toolsOn(hosts, stateDir);
});
afterEach(async () => {
  await hosts.remove();
  await rm(stateDir, { recursive: true });
});

const keep = async (id: string, plan: Plan): Promise<void> => {
  const journal = await createRun(stateDir, id, plan, systemClock);
  await journal.close();
};

const resume = (mode: 'apply' | 'rollback', id?: string, cluster?: string) =>
  resumeRun(
    { id, mode, subject: subjectOf(hosts, ['s1'], cluster), concurrency: 4, breakRun: undefined },
    rig.tools,
  );

describe('going on with a run', () => {
  it('ends well when a way back was gone to its end, and leaves nothing of both runs on the hosts', async () => {
    await keep(SECOND, back);
    await mkdir(hosts.path('s1', `drover/${FIRST}/action/before`), { recursive: true });
    const ended = await resume('rollback');
    if (!ended.ok) throw new Error(ended.error[0].message);
    expect(ended.value.event).toMatchObject({ outcome: 'rolled-back', run: SECOND });
    expect(ended.value.event.next).toBeUndefined();
    expect(exitOfRun(ended.value)).toBe('ok');
    expect((await readdir(hosts.path('s1', 'drover'))).sort()).toEqual(['fence', 'lock']);
    expect((await loadRun(stateDir, SECOND)).ok).toBe(true);
  });

  it('tells where what runs saved could not be removed', async () => {
    await keep(SECOND, back);
    hosts.away.add('s3');
    const subject = subjectOf(hosts, ['s1', 's2', 's3']);
    const request = {
      id: undefined,
      mode: 'rollback',
      subject,
      concurrency: 4,
      breakRun: undefined,
    } as const;
    expect((await resumeRun(request, rig.tools)).ok).toBe(true);
    expect(rig.events).toContainEqual({
      type: 'note',
      level: 'warning',
      text: `what runs saved could not be removed on s3: /var/lib/drover/${FIRST} and /var/lib/drover/${SECOND}`,
    });
  });

  it.each([
    ['apply', back, `drover rollback --resume ${SECOND}`],
    ['rollback', forward, `drover apply --resume ${SECOND}`],
  ] as const)('by %s does not do the opposite of what was begun', async (mode, plan, hint) => {
    await keep(SECOND, plan);
    expect(await resume(mode)).toMatchObject({ ok: false, error: [{ code: 'run-other-mode', hint }] });
    const stored = await loadRun(stateDir, SECOND);
    expect(stored).toMatchObject({ ok: true, value: { lines: [] } });
    expect(stored.ok && statusOf(stored.value).next).toBe(hint);
  });

  it('takes the newest of this cluster, and refuses one that was made for another', async () => {
    await keep(FIRST, forward);
    await keep(SECOND, { ...forward, cluster: { name: 'other' } });
    expect(await resume('apply')).toMatchObject({ ok: true, value: { event: { run: FIRST } } });
    expect(await resume('apply', SECOND)).toMatchObject({
      ok: false,
      error: [{ code: 'run-wrong-cluster' }],
    });
    expect(await resume('apply', undefined, 'third')).toMatchObject({
      ok: false,
      error: [{ code: 'run-not-found' }],
    });
  });
});

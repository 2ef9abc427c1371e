import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRun } from '../../src/app/cluster/run-store.js';
import type { RunEvent } from '../../src/core/events/run.js';
import { goalOf, live, madeUp, planOf, stepsOf } from '../run/made-up.js';
import { systemClock } from '../support/ports.js';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'main.js');
const ID = '20260101-000000-abcd';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'drover-watch-'));
});
afterEach(() => rm(cwd, { recursive: true }));

it('a second terminal sees a run grow, and is done when the run is', { timeout: 120_000 }, async () => {
  const world = madeUp();
  const { set } = stepsOf(world);
  const first = goalOf(set, 'a', { params: { key: 'a', value: 1 } });
  const goals = [first, goalOf(set, 'b', { params: { key: 'b', value: 1 }, after: [first.id] })];
  const stages = [{ name: 'build', goal: 'two values', goals }];
  const plan = planOf(stages);
  const journal = await createRun(join(cwd, '.drover'), ID, plan, systemClock);
  const env = { PATH: process.env['PATH'], HOME: cwd };
  const watching = execa(process.execPath, [MAIN, 'status', '--watch'], { cwd, env, extendEnv: false });
  let shown = '';
  watching.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const sees = (text: string) => expect.poll(() => shown, { timeout: 60_000, interval: 20 }).toContain(text);
  await sees(`run ${ID}: open`);
  await live(world, {
    plan,
    stages,
    part: {
      run: ID,
      record: async (event: RunEvent) => {
        await journal.append(event);
        if (event.type === 'action-done' && event.action === 'test.set/a') await sees('1 of 2 actions done');
      },
    },
  });
  await journal.close();
  const { exitCode, stdout } = await watching;
  expect(exitCode).toBe(0);
  expect(stdout.split(`run ${ID}: `).at(-1)).toMatch(/^done\n[^]*2 of 2 actions done, 0 not started/);
});

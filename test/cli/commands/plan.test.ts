import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandContext } from '../../../src/cli/command.js';
import { run } from '../../../src/cli/commands/plan.run.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'drover-plan-'));
  await writeFile(join(cwd, 'drover.yaml'), 'apiVersion: drover/v1\nkind: Cluster\n');
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

it('refuses to plan what a cluster’s spec gives back: only a migration holds something back', async () => {
  const args = { positionals: [], flags: { file: 'drover.yaml', 'put-back': true } };
  const context = { cwd, env: {}, emit: () => undefined } as unknown as CommandContext;
  expect(await run(args, context)).toMatchObject({
    errors: [
      { code: 'bad-usage', state: 'nothing was done', hint: 'name the spec of the migration with -f' },
    ],
  });
});

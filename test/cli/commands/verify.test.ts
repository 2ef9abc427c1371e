import { expect, it } from 'vitest';
import type { CommandContext } from '../../../src/cli/command.js';
import { run } from '../../../src/cli/commands/verify.run.js';

it('refuses flags of a target where no bundle is compared, instead of looking at another cluster', async () => {
  const args = { positionals: [], flags: { context: 'production' } };
  expect(await run(args, {} as CommandContext)).toMatchObject({
    errors: [{ code: 'bad-usage', state: 'nothing was done', hint: 'add --bundle DIR, or leave it out' }],
  });
});

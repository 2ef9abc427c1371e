import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-list.js';
import { planFile } from '../../src/cli/plan-file.js';
import { parseCommandLine } from '../../src/cli/program.js';

const fileOf = (line: string) => {
  const asked = parseCommandLine(line.split(' '), commands, {});
  if (asked.kind !== 'run') throw new Error(JSON.stringify(asked));
  return planFile(asked.args.flags);
};

describe('drover plan saves the plan', () => {
  it('to the file of --out, or of -o when its name ends in .json', () => {
    expect(fileOf('plan --out any.name')).toMatchObject({ value: 'any.name' });
    expect(fileOf('plan -o plan.json')).toMatchObject({ value: 'plan.json' });
    expect(fileOf('plan --output=plans/a.json')).toMatchObject({ value: 'plans/a.json' });
    expect(fileOf('plan -o json --out plan.json')).toMatchObject({ value: 'plan.json' });
  });

  it('nowhere with a format alone', () => {
    for (const format of ['text', 'json', 'markdown'])
      expect(fileOf(`plan -o ${format}`)).toEqual({ ok: true, value: undefined });
    expect(fileOf('plan')).toEqual({ ok: true, value: undefined });
  });

  it('not to two files', () => {
    expect(fileOf('plan -o a.json --out b.json')).toMatchObject({
      error: { code: 'plan-two-files', message: '--out b.json and -o a.json name two files for one plan' },
    });
  });

  it('only where it is said: other names and other commands are refused', () => {
    for (const line of [
      'plan -o plan.yaml',
      'plan -o .jsonx',
      'verify -o plan.json',
      'plan show x -o a.json',
    ])
      expect(parseCommandLine(line.split(' '), commands, {})).toMatchObject({ kind: 'usage' });
  });
});

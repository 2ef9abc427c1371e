import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-list.js';
import { type Candidates, completeWords } from '../../src/cli/completion/complete.js';
import { completionScript } from '../../src/cli/completion/script.js';

const candidates: Candidates = {
  host: ['k3s-1', 'k3s-2'],
  fault: ['vxlan-blocked'],
  code: ['swap-on', 'bad-usage'],
  lab: ['one'],
  file: [],
  path: [],
};

/** The words offered; the last line is the directive to the shell. */
const offered = (line: string): readonly string[] =>
  completeWords(line.split(' '), commands, candidates)
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((text) => text.split('\t')[0] ?? '');

describe('completion', () => {
  it('offers commands, also below a group', () => {
    expect(offered('expl')).toEqual(['explain']);
    expect(offered('la')).toEqual(['lab']);
    expect(offered('lab st')).toEqual(expect.arrayContaining(['status', 'stop', 'start']));
  });

  it('offers flags and their choices', () => {
    expect(offered('version --out')).toEqual(['--output']);
    expect(offered('version --output ')).toEqual(['text', 'json']);
    expect(offered('version --col')).toEqual(['--color']);
  });

  it('offers words that exist only at run time', () => {
    expect(offered('explain sw')).toEqual(['swap-on']);
    expect(offered('lab break vx')).toEqual(['vxlan-blocked']);
    expect(offered('doctor --host k3s')).toEqual(['k3s-1', 'k3s-2']);
    expect(offered('version --lab ')).toEqual(['one']);
  });

  it.each(['bash', 'zsh', 'fish', 'powershell'] as const)('has a script for %s that asks drover', (shell) => {
    expect(completionScript(shell)).toMatch(/drover complete '?--/);
  });
});

import { expect, it } from 'vitest';
import type { CommandContext } from '../../src/cli/command.js';
import { commands } from '../../src/cli/command-list.js';
import { accessOf } from '../../src/cli/kube-flags.js';

const NAMES = ['as', 'context', 'kubeconfig'];
const context = { cwd: '/home/anna' } as CommandContext;
const args = (flags: Record<string, string>) => ({ positionals: [], flags });

it('are the same three on every command that reaches a cluster by its kubeconfig', () => {
  const some = commands.filter(({ flags }) => flags.some(({ name }) => NAMES.includes(name)));
  expect(some.map(({ name }) => name)).toEqual(expect.arrayContaining(['doctor', 'export']));
  for (const { name, flags } of some) {
    const known = flags.filter((flag) => NAMES.includes(flag.name));
    expect([name, ...known.map((flag) => flag.name).sort()]).toEqual([name, ...NAMES]);
    expect(known.every(({ value }) => value !== undefined)).toBe(true);
  }
  const scoped = commands.flatMap(({ flags }) => flags.filter(({ name }) => name === 'namespace'));
  expect(scoped.length).toBeGreaterThan(0);
  expect(scoped.every(({ short }) => short === 'n')).toBe(true);
});

it('win over the spec one by one; files are meant from where the command runs', () => {
  const spec = { kubeconfig: '/spec', context: 'spec', uid: 'u' };
  expect(accessOf(args({ context: 'mine', as: 'jane' }), context, spec)).toEqual({
    kubeconfig: '/spec',
    context: 'mine',
    as: 'jane',
    uid: 'u',
  });
  expect(accessOf(args({ kubeconfig: 'a:/b' }), context)).toEqual({ kubeconfig: '/home/anna/a:/b' });
});

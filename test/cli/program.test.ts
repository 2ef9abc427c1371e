import { describe, expect, it } from 'vitest';
import { defineCommand } from '../../src/cli/command.js';
import { commands } from '../../src/cli/command-list.js';
import { type Invocation, parseCommandLine } from '../../src/cli/program.js';

const base = {
  exits: [],
  examples: [],
  entersLab: true,
  load: () => Promise.reject(new Error('not run here')),
} as const;

const measure = defineCommand({
  ...base,
  name: 'measure',
  summary: 'Measures',
  arguments: [{ name: 'host', required: false, variadic: true, summary: 'Hosts' }],
  flags: [
    { name: 'ignore', value: 'CODE', repeatable: true, env: 'DROVER_IGNORE', summary: 'Ignores' },
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['text', 'json'],
      default: 'text',
      env: 'DROVER_OUTPUT',
      summary: 'Format',
    },
    {
      name: 'result',
      short: 'r',
      value: 'FORMAT',
      choices: ['text', 'json'],
      orFile: '.json',
      env: 'DROVER_RESULT',
      summary: 'Format, or a file',
    },
    { name: 'no-probes', env: 'DROVER_NO_PROBES', summary: 'No probes' },
  ],
});
const box = defineCommand({
  ...base,
  name: 'box open',
  summary: 'Opens',
  arguments: [{ name: 'what', required: true, summary: 'What' }],
  flags: [],
});
const measureAll = defineCommand({
  ...base,
  name: 'measure all',
  summary: 'Measures all',
  arguments: [],
  flags: [
    {
      name: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['text', 'html'],
      default: 'text',
      summary: 'Format',
    },
  ],
});
const list = [measure, measureAll, box];

const parse = (line: string, env: Record<string, string> = {}): Invocation =>
  parseCommandLine(
    line.split(' ').filter((word) => word !== ''),
    list,
    env,
  );

const flagsOf = (line: string, env: Record<string, string> = {}): unknown => {
  const invocation = parse(line, env);
  if (invocation.kind !== 'run') throw new Error(JSON.stringify(invocation));
  return Object.fromEntries(Object.entries(invocation.args.flags).filter(([, value]) => value !== undefined));
};
const defaults = { color: 'auto', 'log-format': 'json', output: 'text' };

const errorOf = (line: string, env: Record<string, string> = {}) => {
  const invocation = parse(line, env);
  if (invocation.kind !== 'usage') throw new Error(JSON.stringify(invocation));
  return invocation.error;
};

describe('reading a command line', () => {
  it('lets a command below another one have choices of its own for a flag of the same name', () => {
    expect(flagsOf('measure all -o html')).toMatchObject({ output: 'html' });
    expect(errorOf('measure all -o json').message).toContain("argument 'json' is invalid");
    expect(errorOf('measure -o html').message).toContain('Allowed choices are text, json.');
  });

  it('reads arguments, switches, values and repeated values', () => {
    const invocation = parse('measure a b --ignore x --ignore y -o json --no-probes -v');
    expect(invocation).toMatchObject({
      kind: 'run',
      command: { name: 'measure' },
      args: { positionals: ['a', 'b'] },
    });
    expect(flagsOf('measure a --ignore x --ignore y -o json --no-probes -v')).toEqual({
      ...defaults,
      ignore: ['x', 'y'],
      output: 'json',
      'no-probes': true,
      verbose: true,
    });
  });

  it('takes global flags before and after the command', () => {
    expect(flagsOf('-C /tmp measure')).toEqual({ ...defaults, chdir: '/tmp' });
    expect(flagsOf('measure -C /tmp')).toEqual({ ...defaults, chdir: '/tmp' });
  });

  it('knows a lab with and without its name', () => {
    expect(flagsOf('measure --lab')).toEqual({ ...defaults, lab: true });
    expect(flagsOf('measure --lab one')).toEqual({ ...defaults, lab: 'one' });
  });

  it('lets a flag win over its variable, the variable over the default', () => {
    expect(flagsOf('measure', { DROVER_OUTPUT: 'json' })).toMatchObject({ output: 'json' });
    expect(flagsOf('measure -o text', { DROVER_OUTPUT: 'json' })).toMatchObject({ output: 'text' });
    expect(flagsOf('measure', { DROVER_OUTPUT: '' })).toMatchObject({ output: 'text' });
    expect(flagsOf('measure', { DROVER_IGNORE: 'a, b' })).toMatchObject({ ignore: ['a', 'b'] });
    expect(flagsOf('measure', { DROVER_NO_PROBES: '1' })).toMatchObject({ 'no-probes': true });
    expect(flagsOf('measure', { DROVER_NO_PROBES: '0' })).not.toHaveProperty('no-probes');
  });

  it('takes a file name beside the choices where the flag says so', () => {
    expect(flagsOf('measure -r text')).toMatchObject({ result: 'text' });
    expect(flagsOf('measure -r a/b.json')).toMatchObject({ result: 'a/b.json' });
    expect(flagsOf('measure', { DROVER_RESULT: 'b.json' })).toMatchObject({ result: 'b.json' });
    expect(errorOf('measure -r b.txt').message).toContain('Allowed choices are text, json');
    expect(errorOf('measure', { DROVER_RESULT: 'b.txt' })).toMatchObject({ code: 'bad-environment' });
  });

  it('refuses variables with values that the flag refuses', () => {
    expect(errorOf('measure', { DROVER_OUTPUT: 'xml' })).toMatchObject({
      code: 'bad-environment',
      message: "DROVER_OUTPUT: 'xml' is not one of text and json",
    });
    expect(errorOf('measure', { DROVER_NO_PROBES: 'maybe' }).message).toBe(
      "DROVER_NO_PROBES: 'maybe' is neither true nor false",
    );
  });

  it('suggests what was meant', () => {
    expect(errorOf('mesure')).toMatchObject({
      code: 'bad-usage',
      message: "unknown command 'mesure'",
      hint: 'did you mean measure?',
    });
    expect(errorOf('measure --ignor x').hint).toBe('did you mean --ignore?');
    expect(errorOf('box opne x').hint).toBe('did you mean open?');
  });

  it('points to the help of the command that was meant', () => {
    expect(errorOf('box open')).toMatchObject({
      message: "missing required argument 'what'",
      hint: 'see: drover box open --help',
    });
    expect(errorOf('box open a b').hint).toBe('see: drover box open --help');
    expect(errorOf('measure -o xml').message).toMatch(
      /argument 'xml' is invalid. Allowed choices are text, json/,
    );
    expect(errorOf('zzzzzzzz').hint).toBe('see: drover --help');
  });

  it('shows help for the whole, a group and a command', () => {
    expect(parse('')).toMatchObject({ kind: 'help', text: expect.stringContaining('box …') as string });
    expect(parse('--help')).toEqual(parse(''));
    expect(parse('box')).toMatchObject({
      kind: 'help',
      text: expect.stringContaining('Usage: drover box COMMAND') as string,
    });
    expect(parse('box --help')).toEqual(parse('box'));
    expect(parse('measure --help')).toMatchObject({
      kind: 'help',
      text: expect.stringContaining('Usage: drover measure [HOST…] [flags]') as string,
    });
    expect(parse('-V')).toEqual({ kind: 'version' });
  });
});

describe('the commands of Drover', () => {
  it.each(commands.map((command) => [command.name, command] as const))(
    '%s is declared completely',
    async (_, command) => {
      const text = parseCommandLine([...command.name.split(' '), '--help'], commands, {});
      if (text.kind !== 'help') throw new Error(JSON.stringify(text));
      for (const flag of command.flags) expect(text.text).toContain(`--${flag.name}`);
      for (const { command: line } of command.examples) expect(text.text).toContain(line);
      expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
      expect(command.examples.length).toBeGreaterThan(0);
      expect(typeof (await command.load()).run).toBe('function');
    },
  );

  it('accept the command lines of their own examples', () => {
    const lines = commands.flatMap((command) => command.examples.map((example) => example.command));
    for (const line of lines) {
      const words = /\bdrover ([^|<>&)]*)/.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
      expect(
        parseCommandLine(
          words.map((word) => word.replace(/^['"]|['"]$/g, '')),
          commands,
          {},
        ),
        line,
      ).toMatchObject({ kind: 'run' });
    }
  });

  it('have names of their own', () => {
    const names = commands.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext, Handler, ParsedArguments } from '../../../src/cli/command.js';
import { commands } from '../../../src/cli/command-list.js';
import type { DroverError } from '../../../src/core/error.js';
import type { DroverEvent } from '../../../src/core/events/event.js';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'drover-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const handlerOf = async (name: string): Promise<Handler> => {
  const command = commands.find((one) => one.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return (await command.load()).run;
};

/** Runs a command in the temporary folder; what it printed, emitted and how it ended. */
const drover = async (
  name: string,
  positionals: readonly string[] = [],
  flags: ParsedArguments['flags'] = {},
) => {
  const printed: string[] = [];
  const events: DroverEvent[] = [];
  const context: CommandContext = {
    realm: { kind: 'real' },
    paths: { controlDir: join(cwd, 'ctl'), stateDir: join(cwd, 'state') },
    cwd,
    env: {},
    emit: (event) => events.push(event),
    print: (text) => printed.push(text),
    style: { color: false, columns: 100 },
    interactive: false,
    signal: new AbortController().signal,
    hard: () => new AbortController().signal,
  };
  const outcome = await (await handlerOf(name))({ positionals, flags }, context);
  const errors: readonly DroverError[] = 'errors' in outcome ? outcome.errors : [];
  return { exit: outcome.exit, errors, stdout: printed.join(''), events };
};

const example = (): void => {
  for (const file of ['servers.tsv', 'drover.yaml'])
    copyFileSync(join('examples/keybuzz', file), join(cwd, file));
};

describe('config validate', () => {
  it('sums a valid spec up, with what its owner accepted', async () => {
    example();
    const { exit, stdout } = await drover('config validate');
    expect(exit).toBe('ok');
    expect(stdout.replace(/hash .*/, 'hash H')).toMatchInlineSnapshot(`
      "drover.yaml is valid: cluster keybuzz
        3 servers, 5 agents, 22 external hosts
        k3s v1.36.4+k3s1, flannel vxlan, 11 applications
        accepted until 2027-03-31: ingress-nginx-archived (The plan asks for ingress-nginx; its annotations are moved to Traefik next)
        hash H
      "
    `);
  });

  it('answers programs in JSON', async () => {
    example();
    const { stdout } = await drover('config validate', [], { output: 'json' });
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'ValidationResult', valid: true, name: 'keybuzz' });
  });

  it('takes the spec as an argument, refuses bad ones with exit reason spec and prints nothing on stdout', async () => {
    writeFileSync(join(cwd, 'other.yaml'), 'apiVersion: drover/v1\nkind: Cluster\nspec: {}\n');
    const { exit, stdout, errors } = await drover('config validate', ['other.yaml']);
    expect([exit, stdout]).toEqual(['spec', '']);
    expect(errors.map(({ message }) => message)).toEqual([
      'metadata is missing',
      'spec.hosts is missing',
      'spec.network is missing',
    ]);
    expect(errors[0]?.location?.file).toBe('other.yaml');
  });

  it('tells warnings as diagnostics', async () => {
    example();
    const file = join(cwd, 'drover.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('v1.36.4+k3s1', 'v1.33.1+k3s1'));
    const { events } = await drover('config validate');
    expect(events).toMatchObject([
      { type: 'diagnostic', severity: 'warning', error: { code: 'kubernetes-end-of-life' } },
    ]);
  });
});

describe('config view', () => {
  it('shows the effective spec, and hides what looks secret', async () => {
    example();
    const { stdout } = await drover('config view', [], { output: 'json', 'show-origin': true });
    const view = JSON.parse(stdout) as {
      spec: { hosts: unknown[] };
      origins: { path: string; origin: string }[];
    };
    expect(view.spec.hosts).toHaveLength(30);
    expect(view.origins).toContainEqual({
      path: 'spec.hosts[0].address',
      value: '10.0.0.100',
      origin: 'servers.tsv:3:21',
    });
    expect((await drover('config view')).stdout).not.toContain('# default');
  });
});

describe('config explain', () => {
  it('explains keys and answers mistyped ones', async () => {
    expect((await drover('config explain', ['ingress.controller'])).stdout).toContain(
      'traefik | nginx | none',
    );
    const { exit, errors } = await drover('config explain', ['ingress.controler']);
    expect([exit, errors[0]?.code]).toEqual(['spec', 'spec-unknown-key']);
  });
});

describe('init', () => {
  const TSV = 'HOSTNAME\tIP_PRIVEE\tROLE\tSUBROLE\nm1\t10.0.0.1\tk3s\tmaster\n';

  it('writes a spec that validates, and overwrites nothing unless forced', async () => {
    writeFileSync(join(cwd, 'servers.tsv'), TSV);
    expect((await drover('init', [], { from: 'servers.tsv', name: 'demo' })).exit).toBe('ok');
    expect((await drover('config validate')).stdout).toContain(
      'cluster demo\n  1 server, 0 agents, 0 external hosts',
    );
    const again = await drover('init');
    expect([again.exit, again.errors[0]?.code]).toEqual(['spec', 'init-exists']);
    expect((await drover('init', [], { force: true, name: 'other' })).exit).toBe('ok');
    expect(readFileSync(join(cwd, 'drover.yaml'), 'utf8')).toContain('name: other');
  });

  it('prints instead with -o -', async () => {
    writeFileSync(join(cwd, 'servers.tsv'), TSV);
    const { stdout } = await drover('init', [], { output: '-' });
    expect(stdout.split('\n')[0]).toMatch(/^# yaml-language-server: \$schema=.*cluster\.schema\.json$/);
    expect(existsSync(join(cwd, 'drover.yaml'))).toBe(false);
  });

  it('says what is wrong with the table, or that there is none, and writes nothing', async () => {
    expect((await drover('init')).errors[0]?.code).toBe('init-no-table');
    writeFileSync(join(cwd, 'servers.tsv'), `${TSV}m1\t10.0.0.300\tk3s\tmaster\n`);
    const { errors } = await drover('init');
    expect(errors.map(({ code, location }) => `${code} ${location?.line ?? 0}`)).toEqual([
      'table-address 3',
      'duplicate-host-name 3',
    ]);
    expect(existsSync(join(cwd, 'drover.yaml'))).toBe(false);
  });
});

describe('a spec of kind Migration', () => {
  const write = (text: string): void => {
    writeFileSync(join(cwd, 'migration.yaml'), text);
  };

  it('is valid, and says from where to where', async () => {
    copyFileSync('examples/carry/migration.yaml', join(cwd, 'migration.yaml'));
    const { exit, stdout } = await drover('config validate', ['migration.yaml']);
    expect(exit).toBe('ok');
    expect(stdout.replace(/hash [0-9a-f]+/, 'hash HASH')).toMatchInlineSnapshot(`
      "migration.yaml is valid: migration carry
        from the current context of old.kubeconfig to the current context of new.kubeconfig
        4 transforms, existing objects: fail
        hash HASH
      "
    `);
    const json = await drover('config validate', ['migration.yaml'], { output: 'json' });
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'ValidationResult', valid: true, name: 'carry' });
  });

  it('is told all its problems at once, each with its place', async () => {
    write(
      [
        'apiVersion: drover/v1',
        'kind: Migration',
        'metadata: {name: m}',
        'spec:',
        '  restore: {existing: replace}',
        '  transforms:',
        '    - {change: replica, to: 1}',
        '',
      ].join('\n'),
    );
    const { exit, errors } = await drover('config validate', ['migration.yaml']);
    expect(exit).toBe('spec');
    expect(errors.map(({ location }) => location?.line)).toEqual([5, 7]);
  });

  it('makes no plan when it is wrong, or when hosts are named', async () => {
    write('apiVersion: drover/v1\nkind: Migration\nmetadata: {name: m}\nspec: {nothing: 1}\n');
    const wrong = await drover('plan', [], { file: 'migration.yaml' });
    expect(wrong.errors.map(({ code }) => code)).toEqual(['spec-unknown-key']);
    const hosts = await drover('plan', [], { file: 'migration.yaml', limit: ['server'] });
    expect(hosts.errors.map(({ code }) => code)).toEqual(['bad-usage']);
  });
});

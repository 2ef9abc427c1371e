import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drover } from './support/cli.js';
import { commandsOf, runPrinted } from './support/journey.js';
import { tracesOf } from './support/traces.js';

const LAB = 'it-journey';
const MEMBERS = ['server-1', 'server-2', 'server-3', 'agent-1'];
const ADDRESSES: Readonly<Record<string, string>> = {
  'server-1': '10.79.0.11',
  'server-2': '10.79.0.12',
  'server-3': '10.79.0.13',
  'server-4': '10.79.0.14',
  'agent-1': '10.79.0.21',
  'agent-2': '10.79.0.22',
  'agent-3': '10.79.0.23',
};

/** The spec with these members; all other hosts are there, but not part of the cluster. */
const specText = (members: readonly string[]): string =>
  [
    'apiVersion: drover/v1',
    'kind: Cluster',
    `metadata: { name: ${LAB} }`,
    'spec:',
    '  hosts:',
    ...Object.entries(ADDRESSES).map(([name, address]) => {
      const role = members.includes(name) ? name.replace(/-\d$/, '') : 'external';
      return `    - { name: ${name}, address: ${address}, role: ${role} }`;
    }),
    '  network:',
    '    nodes: 10.79.0.0/24',
    '  lab:',
    `    external: [${Object.keys(ADDRESSES)
      .filter((name) => !MEMBERS.includes(name))
      .join(', ')}]`,
    '',
  ].join('\n');

let folder: string;
let commands: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-journey-'));
  await writeFile(join(folder, 'drover.yaml'), specText(MEMBERS));
  commands = await commandsOf('build.md');
});
afterAll(async () => {
  await drover(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true });
  expect(await tracesOf(LAB)).toEqual([]);
});

/** The next command of the page, which must be this one and must succeed; what it printed. */
const next = async (expected: RegExp): Promise<string> => {
  const [command = 'the page has no more commands', ...rest] = commands;
  commands = rest;
  expect(command).toMatch(expected);
  const done = await runPrinted(command, { folder, lab: LAB });
  if (done.status !== 0) throw new Error(`${command}: ${done.status}\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
};

describe('docs/journeys/build.md, command by command', () => {
  it('boots bare hosts that the doctor has nothing against', async () => {
    await next(/^npx drover lab up /);
    await next(/^npx drover doctor /);
  });

  it('plans servers one after another and agents behind them', async () => {
    const plan = await next(/^npx drover plan /);
    const starts = MEMBERS.map((name) => plan.search(new RegExp(`Start the K3s .* on ${name}\n`)));
    expect(starts.every((at) => at > 0)).toBe(true);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(plan).toMatch(new RegExp(`^Apply it: .*drover apply -f drover\\.yaml --lab ${LAB}$`, 'm'));
  });

  it('builds the cluster', async () => {
    expect(await next(/^npx drover apply .*--yes$/)).toContain('Start the K3s server');
  });

  it('proves it, and finds nothing left to do', async () => {
    expect(await next(/^npx drover verify /)).toMatch(/Verify: \d+ checks passed, 0 failed/);
    expect(await next(/^npx drover apply .*--yes$/)).toContain('No changes: ');
  });

  it('hands out a kubeconfig that kubectl works with, and tells of its runs', async () => {
    await next(/^npx drover lab kubeconfig .*> /);
    expect(await readFile(join(folder, `${LAB}.kubeconfig`), 'utf8')).toContain('https://127.0.0.1:');
    const nodes = await next(/^kubectl .*get nodes$/);
    for (const name of MEMBERS) expect(nodes).toMatch(new RegExp(`^${name} +Ready `, 'm'));
    expect(await next(/^npx drover runs /)).toMatch(/done/);
  });
});

describe('at the end', () => {
  it('takes the lab down', async () => {
    await next(/^npx drover lab down /);
    expect(commands).toEqual([]);
  });
});

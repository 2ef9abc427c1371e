import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Finding } from '../../../src/core/events/finding.js';
import type { LabStatus } from '../../../src/lab/status.js';

export const MAIN = join(import.meta.dirname, '..', '..', '..', 'dist', 'cli', 'main.js');

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Env = Readonly<Record<string, string>>;

/** Runs the built command line, as a user does; `env` comes on top of the environment. */
export const drover = async (args: readonly string[], cwd: string, env: Env = {}): Promise<Ended> => {
  const done = await execa(process.execPath, [MAIN, ...args], { cwd, env, reject: false, stdin: 'ignore' });
  return { status: done.exitCode ?? -1, stdout: done.stdout, stderr: done.stderr };
};

/** Starts the command line without waiting for it. */
export const startDrover = (args: readonly string[], cwd: string) =>
  execa(process.execPath, [MAIN, ...args], { cwd, reject: false, stdin: 'ignore' });

/** As {@link drover}, for commands that must succeed: their stdout. */
export const must = async (args: readonly string[], cwd: string, env: Env = {}): Promise<string> => {
  const done = await drover(args, cwd, env);
  if (done.status !== 0)
    throw new Error(`drover ${args.join(' ')}: ${done.status}\n${done.stdout}\n${done.stderr}`);
  return done.stdout;
};

export interface SpecChoice {
  readonly name: string;
  /** First three numbers of the node range. */
  readonly net: string;
  readonly servers: number;
  readonly agents: number;
  readonly user?: string;
  /** Further lines below `spec:`, indented by two spaces. */
  readonly more?: string;
}

const specText = ({ name, net, servers, agents, user, more }: SpecChoice): string => {
  const hosts = [
    ...Array.from({ length: servers }, (_, i) => [`server-${i + 1}`, `${net}.${11 + i}`, 'server']),
    ...Array.from({ length: agents }, (_, i) => [`agent-${i + 1}`, `${net}.${21 + i}`, 'agent']),
  ];
  return [
    'apiVersion: drover/v1',
    'kind: Cluster',
    `metadata: { name: ${name} }`,
    'spec:',
    ...(user === undefined ? [] : [`  ssh: { user: ${user}, sudo: true }`]),
    // Most labs need none, and its image is large.
    ...(more?.includes('ingress:') === true ? [] : ['  ingress: { controller: none }']),
    '  hosts:',
    ...hosts.map(([host, address, role]) => `    - { name: ${host}, address: ${address}, role: ${role} }`),
    '  network:',
    `    nodes: ${net}.0/24`,
    ...(more === undefined ? [] : [more]),
    '',
  ].join('\n');
};

/** A folder with a drover.yaml, for labs of the tests' own. */
export const specFolder = async (choice: SpecChoice): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-spec-'));
  await writeFile(join(folder, 'drover.yaml'), specText(choice));
  return folder;
};

export interface Diagnosis {
  readonly status: number;
  readonly findings: readonly Finding[];
}

/** What the doctor finds in a lab. */
export const doctor = async (lab: string, cwd: string, more: readonly string[] = []): Promise<Diagnosis> => {
  const done = await drover(['doctor', '--lab', lab, '-o', 'json', '-q', ...more], cwd);
  try {
    const report = JSON.parse(done.stdout) as { readonly findings: readonly Finding[] };
    return { status: done.status, findings: report.findings };
  } catch {
    throw new Error(`doctor: ${done.status}\n${done.stdout}\n${done.stderr}`);
  }
};

export const statusOf = async (lab: string, cwd: string): Promise<LabStatus> => {
  const report = JSON.parse(await must(['lab', 'status', lab, '-o', 'json'], cwd)) as {
    readonly labs: readonly LabStatus[];
  };
  const [status] = report.labs;
  if (status === undefined) throw new Error(`no lab ${lab}`);
  return status;
};

/** Runs a command on a lab host over ssh. */
export const onHost = (lab: string, host: string, command: string, cwd: string): Promise<Ended> =>
  drover(['lab', 'ssh', '--lab', lab, host, '--', command], cwd);

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netnsPath, operatorNetns } from '../../src/lab/names.js';
import { labPaths } from '../../src/lab/paths.js';

export const DROVER = [process.execPath, 'dist/cli/main.js'] as const;

/** A lab of some hosts that exists while the benchmark runs. */
export interface BenchLab {
  readonly name: string;
  readonly spec: string;
  readonly hosts: readonly string[];
  /** ssh configuration of the lab, and its network namespace. */
  readonly sshConfig: string;
  readonly netns: string;
}

export const run = (args: readonly string[]): void => {
  const [program, ...start] = DROVER;
  const done = spawnSync(program, [...start, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.status !== 0) throw new Error(`drover ${args.join(' ')} ended with ${done.status}`);
};

const specText = (name: string, count: number): string => {
  const host = (_: unknown, at: number): string => {
    const role = at < 3 ? 'server' : 'agent';
    return `    - { name: ${role}-${at + 1}, address: 10.77.0.${at + 11}, role: ${role} }`;
  };
  return `apiVersion: drover/v1
kind: Cluster
metadata: { name: ${name} }
spec:
  ssh: { user: root }
  hosts:
${Array.from({ length: count }, host).join('\n')}
  network: { nodes: 10.77.0.0/24 }
`;
};

/** Brings up a lab of `count` hosts whose name begins with `prefix`, the first three of them servers. The caller removes it. */
export const makeLab = (
  prefix: string,
  count: number,
  ...flags: readonly string[]
): { readonly lab: BenchLab; readonly remove: () => void } => {
  const name = `${prefix}-${count}`;
  const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'));
  const spec = join(folder, 'drover.yaml');
  writeFileSync(spec, specText(name, count));
  const remove = (): void => {
    run(['lab', 'down', '-q', name]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    run(['lab', 'up', '-q', '-f', spec, ...flags]);
  } catch (problem) {
    rmSync(folder, { recursive: true, force: true });
    throw problem;
  }
  const hosts = Array.from({ length: count }, (_, at) => `10.77.0.${at + 11}`);
  const { sshConfig } = labPaths(process.env, name);
  return { lab: { name, spec, hosts, sshConfig, netns: netnsPath(operatorNetns({ name })) }, remove };
};

/** Brings up a lab of `count` hosts, and takes it down again whatever happens. */
export const withLab = <T>(count: number, use: (lab: BenchLab) => T): T => {
  const { lab, remove } = makeLab('bench', count);
  try {
    return use(lab);
  } finally {
    remove();
  }
};

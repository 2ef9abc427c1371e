import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { BenchLab } from './lab.js';
import type { Timed } from './measure.js';

/** The version that runs on Python 3.11; the peer must not change between runs. */
const ANSIBLE = 'ansible-core==2.19.4';

const must = (program: string, ...args: readonly string[]): void => {
  const run = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (run.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${run.status}`);
};

/** ansible in a Python environment of its own in the cache. */
export const installAnsible = (): string => {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'drover', 'bench', ANSIBLE);
  const program = join(folder, 'bin', 'ansible');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  must('python3', '-m', 'venv', folder);
  must(join(folder, 'bin', 'pip'), 'install', '--quiet', ANSIBLE);
  return program;
};

export interface AnsibleSettings {
  /** Without: as it comes, five hosts at once. */
  readonly forks?: number;
  /** As it comes: off. */
  readonly pipelining?: boolean;
}

/**
 * `ansible -m setup` on all hosts of a lab. Every run logs in anew, as Drover does: connections are kept for a second
 * instead of a minute.
 */
export const setupCommand = (
  ansible: string,
  lab: BenchLab,
  { forks, pipelining = false }: AnsibleSettings = {},
): Timed => ({
  command: [
    'nsenter',
    `--net=${lab.netns}`,
    '--',
    ansible,
    'all',
    '-i',
    `${lab.hosts.join(',')},`,
    '-u',
    'root',
    ...(forks === undefined ? [] : ['-f', String(forks)]),
    '-m',
    'setup',
  ],
  env: {
    ANSIBLE_PIPELINING: String(pipelining),
    ANSIBLE_SSH_ARGS: `-F ${lab.sshConfig} -C -o ControlMaster=auto -o ControlPersist=1s`,
    ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
    ANSIBLE_LOCALHOST_WARNING: 'False',
    LC_ALL: 'C.UTF-8',
  },
});

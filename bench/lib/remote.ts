import { spawnSync } from 'node:child_process';
import { execa } from 'execa';
import type { BenchLab } from './lab.js';

/** ssh to hosts of a lab from inside its network, as a user's own script would call it. */
export const sshCommand = ({ netns, sshConfig }: BenchLab): readonly string[] => [
  'nsenter',
  `--net=${netns}`,
  '--',
  'ssh',
  '-F',
  sshConfig,
  '-o',
  'BatchMode=yes',
];

/** Runs a command on a host, which must succeed; its stdout. */
export const onHost = (lab: BenchLab, address: string, command: string): string => {
  const [program = '', ...start] = sshCommand(lab);
  const run = spawnSync(program, [...start, `root@${address}`, command], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${address}: ${command} ended with ${run.status}\n${run.stderr}`);
  return run.stdout;
};

/** As {@link onHost}, while this process does something else. */
export const besideOnHost = async (lab: BenchLab, address: string, command: string): Promise<string> => {
  const [program = '', ...start] = sshCommand(lab);
  return (await execa(program, [...start, `root@${address}`, command], { stdin: 'ignore' })).stdout;
};

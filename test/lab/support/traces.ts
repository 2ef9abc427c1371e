import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';

const lines = (text: string): readonly string[] => text.split('\n').filter(Boolean);

const groups = async (lab: string): Promise<readonly string[]> => {
  const done = await execa('find', ['/sys/fs/cgroup', '-maxdepth', '3', '-name', `drover-${lab}-*`], {
    reject: false,
  });
  return lines(done.stdout);
};

/** Processes started for a lab; those that ended and only wait for their parent have no command line. */
const processes = async (lab: string): Promise<readonly string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands
    .filter((command) => command.includes(`/labs/${lab}/`))
    .map((command) => command.replaceAll('\0', ' '));
};

/** Everything on this machine that belongs to a lab, besides its files. */
export const tracesOf = async (lab: string): Promise<readonly string[]> => {
  const netns = lines((await execa('ip', ['netns', 'list'], { reject: false })).stdout);
  const mounts = lines(await readFile('/proc/self/mountinfo', 'utf8'));
  return [
    ...netns.filter((line) => line.startsWith(`drover-${lab}`)),
    ...mounts.filter((line) => line.includes(`/labs/${lab}/`)),
    ...(await groups(lab)),
    ...(await processes(lab)),
  ];
};

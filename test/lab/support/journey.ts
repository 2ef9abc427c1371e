import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Ended } from './cli.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** The commands of a journey's page, in order: every line of its `sh` blocks. */
export const commandsOf = async (page: string): Promise<readonly string[]> => {
  const text = await readFile(join(ROOT, 'docs', 'journeys', page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => (block ?? '').trim().split('\n'));
};

/** Runs a command line as it is printed; `npx drover` is the built command line. */
export const runLine = async (command: string, folder: string): Promise<Ended> => {
  const here = command.replaceAll(
    'npx drover',
    `'${process.execPath}' '${join(ROOT, 'dist', 'cli', 'main.js')}'`,
  );
  const done = await execa('sh', ['-c', here], { cwd: folder, reject: false, stdin: 'ignore' });
  return { status: done.exitCode ?? -1, stdout: done.stdout, stderr: done.stderr };
};

/** As {@link runLine}, but on another spec and lab than the example. */
export const runPrinted = (
  command: string,
  {
    folder,
    lab,
    hosts = {},
  }: {
    readonly folder: string;
    readonly lab: string;
    /** Hosts of the example, by those that take their place. */
    readonly hosts?: Readonly<Record<string, string>>;
  },
): Promise<Ended> => {
  const here = command
    .replaceAll('examples/keybuzz/drover.yaml', 'drover.yaml')
    .replaceAll(/\bkeybuzz\b/g, lab)
    .replaceAll(/\bk3s-(?:master|worker)-\d\d\b/g, (host) => hosts[host] ?? host);
  return runLine(here, folder);
};

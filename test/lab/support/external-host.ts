import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Adds an external host to the spec of a folder and asks the lab to make it beside the cluster's own hosts. */
export const addExternalHost = async (folder: string, name: string, address: string): Promise<void> => {
  const file = join(folder, 'drover.yaml');
  const row = `    - { name: ${name}, address: ${address}, role: external }\n  lab: { external: [${name}] }\n`;
  await writeFile(file, (await readFile(file, 'utf8')).replace('  network:\n', `${row}  network:\n`));
};

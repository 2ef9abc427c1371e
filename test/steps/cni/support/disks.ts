import { ok, type Result } from '../../../../src/core/result.js';
import type { StepFailure } from '../../../../src/steps/failure.js';
import { K3S_CONF } from '../../../support/recipe-input.js';

export const CONF_DIR = K3S_CONF;
const FLANNEL = `${CONF_DIR}/10-flannel.conflist`;
export const LAB_CONF = `${CONF_DIR}/05-labnet.conflist`;
export const STAGED = '/var/lib/labnet/05-labnet.conflist';

/** Files of a host by their paths. */
export type Disk = Map<string, string>;

/** A host in its former network, on which the pods of the other one have left its configuration. */
export const newDisk = (): Disk =>
  new Map([
    [FLANNEL, 'flannel'],
    [STAGED, 'labnet'],
  ]);

const output = (stdout: string, status = 0) => ok({ status, stdout, stderr: status === 0 ? '' : 'refused' });

/** What a script of the steps reads on a host with these files. */
export const readDisk = (
  disk: Disk,
  script: string,
): Promise<Result<{ status: number; stdout: string; stderr: string }, StepFailure>> => {
  const names = [...disk.keys()];
  if (script.startsWith('cat ') || script.startsWith("ls '/var/lib/drover")) {
    const folders = [...script.matchAll(/'([^']+)'\/\*\.json/g)].map((found) => found[1] ?? '');
    const found = names.filter((name) => folders.some((folder) => name.startsWith(`${folder}/`)));
    return Promise.resolve(
      output((script.startsWith('cat') ? found.map((name) => disk.get(name)?.trim()) : found).join('\n')),
    );
  }
  const confs = names
    .filter((name) => name.startsWith(CONF_DIR))
    .map((name) => name.slice(CONF_DIR.length + 1));
  return Promise.resolve(output(`${confs.sort()[0] ?? ''}\n`));
};

/** What a script of the steps changes on a host with these files. */
export const changeDisk = (disk: Disk, script: string, data = '') => {
  const dropped = /drop_file '([^']+)'/.exec(script)?.[1];
  if (dropped !== undefined) disk.delete(dropped);
  const keptAt = /data >'([^']+)'\.new/.exec(script)?.[1];
  if (keptAt !== undefined) disk.set(keptAt, data);
  for (const [, path = ''] of (script.startsWith('rm -f') ? script : '').matchAll(
    /'(\/var\/lib\/drover\/[^']+)'/g,
  ))
    disk.delete(path);
  const name = /CONF_NAME='([^']+)'/.exec(script)?.[1];
  if (name === undefined) return output('');
  if (!disk.has(STAGED)) return output('', 66);
  disk.set(`${CONF_DIR}/${name}`, disk.get(STAGED) ?? '');
  return output('');
};

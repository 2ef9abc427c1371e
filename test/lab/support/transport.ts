import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transport } from '../../../src/core/ports/transport.js';
import { labRealm } from '../../../src/lab/realm.js';
import { createOpenSshTransport } from '../../../src/transport/openssh.js';
import { systemClock, systemRandom } from '../../support/ports.js';

/**
 * A transport into a lab for tests that run outside its network namespace: the same ssh and the same files, only
 * that ssh connects through a process inside the namespace. Commands under test enter the namespace themselves.
 */
export const labTransport = async (lab: string): Promise<Transport & AsyncDisposable> => {
  const found = await labRealm(lab, process.env);
  if (!found.ok) throw new Error(found.error.message);
  const { paths, netns } = found.value;
  const folder = await mkdtemp(join(tmpdir(), 'drover-lab-ssh-'));
  const connect = `const s=require('net').connect(%p,'%h');process.stdin.pipe(s);s.pipe(process.stdout)`;
  const proxy = `Host *\n  ProxyCommand nsenter --net=/run/netns/${netns} ${process.execPath} -e "${connect}"\n`;
  const config = join(folder, 'config');
  await writeFile(config, `${await readFile(paths.sshConfig ?? '', 'utf8')}\n${proxy}`);
  const transport = createOpenSshTransport({
    paths: { ...paths, sshConfig: config, controlDir: join(folder, 'cm') },
    clock: systemClock,
    random: systemRandom,
  });
  return {
    ...transport,
    [Symbol.asyncDispose]: async () => {
      await transport.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

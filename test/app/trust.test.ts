import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherKeys, pinKeys, type TrustRequest } from '../../src/app/trust.js';
import { keyTable } from '../../src/cli/commands/trust.run.js';
import { systemFiles } from '../../src/system/files.js';
import { createOpenSshTransport } from '../../src/transport/openssh.js';
import { systemClock, systemRandom } from '../support/ports.js';
import { freePort, makeKey, type Sshd, startSshd } from '../support/sshd.js';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

const requestWith = (record: string | undefined, targets = [sshd.target()]): TrustRequest => {
  const file = join(sshd.directory, 'pinned');
  rmSync(file, { force: true });
  if (record !== undefined) writeFileSync(file, record);
  return { targets, record: file, files: systemFiles, scan: { timeoutMs: 5000 } };
};
const gather = async (request: TrustRequest) => {
  const gathered = await gatherKeys(request);
  if (!gathered.ok) throw new Error(gathered.error.message);
  return gathered.value;
};

describe('trust', () => {
  it('shows the fingerprint that the host really has', async () => {
    const { offers } = await gather(requestWith(undefined));
    expect(offers).toMatchObject([
      { state: 'new', keys: [{ type: 'ssh-ed25519', fingerprint: sshd.fingerprint }] },
    ]);
    expect(keyTable(offers)).toBe(
      `HOST   ADDRESS    TYPE         FINGERPRINT                                         RECORD\nalpha  127.0.0.1  ssh-ed25519  ${sshd.fingerprint}  new\n`,
    );
  });

  it('pins keys so that the transport accepts the host', async () => {
    const request = requestWith(undefined);
    expect(await pinKeys(request, (await gather(request)).offers)).toEqual({ ok: true, value: undefined });
    const transport = createOpenSshTransport({
      paths: { ...sshd.paths, knownHosts: request.record },
      clock: systemClock,
      random: systemRandom,
    });
    const ran = await transport.run(sshd.target(), { title: 'a test', text: 'true' }, { timeoutMs: 15_000 });
    await transport.dispose();
    expect(ran).toMatchObject({ ok: true });
    expect((await gather(request)).offers).toMatchObject([{ state: 'known' }]);
  });

  it('tells a changed key from an unknown one, and replaces only that host', async () => {
    const other = makeKey(join(sshd.directory, `other-${String(Math.floor(performance.now()))}`));
    const name = `[127.0.0.1]:${String(sshd.port)}`;
    const request = requestWith(`# kept\n10.0.0.9,${name} ${other}\nhost.example ${other}\n`);
    const { offers } = await gather(request);
    expect(offers).toMatchObject([{ state: 'changed' }]);
    await pinKeys(request, offers);
    const lines = readFileSync(request.record, 'utf8').trim().split('\n');
    const bare = other.split(' ').slice(0, 2).join(' ');
    expect(lines.slice(0, 3).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      '# kept',
      `10.0.0.9 ${bare}`,
      `host.example ${bare}`,
    ]);
    expect(lines).toHaveLength(4);
    expect((await gather(request)).offers).toMatchObject([{ state: 'known' }]);
  });

  it('reports hosts that show no key beside those that do', async () => {
    const dead = sshd.target('dead', { port: await freePort() });
    const { offers, failures } = await gather(requestWith(undefined, [sshd.target(), dead]));
    expect(offers).toHaveLength(1);
    expect(failures).toMatchObject([{ host: 'dead', state: 'nothing was started on the host' }]);
  });
});

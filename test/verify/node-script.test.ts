import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attempt, nodeScript, parseAttempts } from '../../src/verify/node-script.js';

let folder: string;

const program = async (name: string, text: string): Promise<void> => {
  await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
  await chmod(join(folder, name), 0o755);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-node-script-'));
  // The Service is not there at the first two tries; the node `mute` never answers, and a full packet never passes.
  await program(
    'wget',
    `case "$*" in
      *10.43.0.9/node) echo x >>${folder}/asked; [ $(wc -l <${folder}/asked) -ge 3 ] && printf here || { echo "wget: download timed out" >&2; exit 1; } ;;
      *10.42.0.7:*) echo "wget: no route" >&2; exit 1 ;;
      *10.42.0.8:8080/large) head -c 1200 /dev/zero ;;
      */large) head -c 65536 /dev/zero ;;
      */mtu) printf 1450 ;;
      *10.0.0.2:10250/) echo "wget: server returned error: HTTP/1.0 400 Bad Request" >&2; exit 1 ;;
      *10.0.0.7:10250/) echo "wget: connection refused" >&2; exit 1 ;;
      *) printf here ;;
    esac`,
  );
  // Packets of 1450 bytes pass to one node alone.
  await program(
    'ping',
    `[ "$*" = "-q -c 1 -W 4 -s 1422 10.42.0.2" ] || [ "$*" = "-q -c 1 -W 4 -s 1422 10.42.0.8" ]`,
  );
  await program('nslookup', `echo "Server: 10.43.0.10"; echo "can't find	$1"; exit 1`);
});
afterAll(() => rm(folder, { recursive: true }));

const attempts = async (serviceWaitSeconds: number): Promise<readonly Attempt[]> => {
  const script = nodeScript({
    targets: [
      { node: 'here', podAddress: '10.42.0.2', hostAddress: '10.0.0.2' },
      { node: 'short', podAddress: '10.42.0.8', hostAddress: '10.0.0.2' },
      { node: 'narrow', podAddress: '10.42.0.9', hostAddress: '10.0.0.2' },
      { node: 'mute', podAddress: '10.42.0.7', hostAddress: '10.0.0.7' },
    ],
    serviceAddress: '10.43.0.9',
    names: ['a.local'],
    serviceWaitSeconds,
  });
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  return parseAttempts((await execa('sh', ['-c', script], { env })).stdout);
};

it('tries the Service and DNS again until the limit, the rest once, and tells how the last failure looked', async () => {
  const seen = await attempts(3);
  const of = (kind: string, to: string): Attempt | undefined =>
    seen.find((attempt) => attempt.kind === kind && attempt.to === to);
  expect(seen).toHaveLength(14);
  expect(of('pod', 'here')).toMatchObject({ ok: true, tries: 1, detail: 'here', failure: '' });
  expect(of('pod', 'mute')).toMatchObject({ ok: false, tries: 1, detail: 'wget: no route' });
  const large = (to: string) => [of('pod-large', to)?.ok, of('pod-large', to)?.detail];
  expect(large('here')).toEqual([true, 'a packet of 1450 bytes, a stream of 65536']);
  expect(large('short')).toEqual([false, 'a packet of 1450 bytes, a stream of 1200']);
  expect(large('narrow')).toEqual([false, 'a packet of 1450 bytes did not come back']);
  expect(large('mute')).toEqual([false, 'wget: no route']);
  expect(of('host', 'here')).toMatchObject({ ok: true, detail: 'answered' });
  expect(of('host', 'mute')).toMatchObject({ ok: false, detail: 'wget: connection refused' });
  expect(of('service', 'probe')).toMatchObject({
    ok: true,
    tries: 3,
    detail: 'here',
    failure: 'wget: download timed out',
  });
  const dns = of('dns', 'a.local');
  expect(dns).toMatchObject({ ok: false, detail: "Server: 10.43.0.10 can't find a.local" });
  expect(dns?.tries).toBeGreaterThan(1);
});

it('leaves out lines that are not its own', () => {
  expect(parseAttempts('sh: warning\nservice\tprobe\tmaybe\t1\t0\tx\t\n')).toEqual([]);
});

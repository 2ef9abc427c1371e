import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-put-back-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What restore is given for kept rules, when the packet filter holds `now`. */
const fitted = async (now: readonly string[], kept: readonly string[]): Promise<readonly string[]> => {
  const script = await readFile(new URL('../../../src/steps/cni/put-back.sh', import.meta.url), 'utf8');
  const fit = /^fit\(\) \{[^]*?\n\}$/m.exec(script)?.[0] ?? '';
  const save = join(folder, 'iptables-nft-save');
  await writeFile(save, `#!/bin/sh\ncat <<'END'\n${now.join('\n')}\nEND\n`);
  await chmod(save, 0o755);
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  const input = `${kept.join('\n')}\n`;
  const done = await execa('sh', ['-c', `${fit}\nfit iptables-nft nat`], { env, input });
  return done.stdout.split('\n');
};

it('puts rules back to their places, and to the end of a chain that has become shorter', async () => {
  const rule = '-m comment --comment "flanneld  masq & more" -j FLANNEL-POSTRTG';
  const now = [
    '*nat',
    ':POSTROUTING ACCEPT [0:0]',
    '-A POSTROUTING -j ONE',
    '-A POSTROUTING -j TWO',
    'COMMIT',
  ];
  const kept = (places: readonly number[]) => [
    '*nat',
    ':FLANNEL-POSTRTG - [0:0]',
    ...places.map((place) => `-I POSTROUTING ${place} ${rule}`),
    'COMMIT',
  ];
  expect(await fitted(now, kept([1, 4]))).toEqual(kept([1, 4]));
  expect(await fitted(now, kept([7, 9]))).toEqual(kept([3, 4]));
  expect(await fitted(['*nat', 'COMMIT'], kept([5]))).toEqual(kept([1]));
});

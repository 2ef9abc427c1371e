import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOpenSshTransport } from '../../src/transport/openssh.js';
import { systemClock, systemRandom } from '../support/ports.js';
import { type Sshd, startSshd } from '../support/sshd.js';

const HOSTS = 200;
/** What many systems allow a process to open unless it asks for more. */
const DESCRIPTORS = 1024;
const MIB = 1024 ** 2;

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());

const open = (): number => readdirSync('/proc/self/fd').length;

it('runs a script on 200 hosts at once within the usual number of descriptors, and gives all back', async () => {
  const { paths } = sshd;
  // One machine answers for all of them here, beside other tests: logins may take long.
  const limits = { connectTimeoutMs: 60_000 };
  const transport = createOpenSshTransport({ paths, clock: systemClock, random: systemRandom, limits });
  const before = { files: open(), memory: process.memoryUsage().rss };
  let most = before.files;
  const targets = Array.from({ length: HOSTS }, (_, index) => sshd.target(`host-${index}`));
  const answers = await Promise.all(
    targets.map(async (target) => {
      const script = { title: 'greet', text: 'echo hello' };
      const answer = await transport.run(target, script, { timeoutMs: 60_000 });
      most = Math.max(most, open());
      return answer.ok ? String(answer.value.stdout) : `${answer.error.kind}: ${answer.error.detail}`;
    }),
  );
  expect(answers.filter((answer) => answer !== 'hello\n')).toEqual([]);
  expect(most).toBeLessThan(DESCRIPTORS);
  expect(process.memoryUsage().rss - before.memory).toBeLessThan(200 * MIB);
  await transport.dispose();
  await expect.poll(open, { timeout: 300_000 }).toBeLessThanOrEqual(before.files + 5);
}, 180_000);

import { labPaths } from '../../src/lab/paths.js';
import { systemClock } from '../../src/system/clock.js';
import { systemRandom } from '../../src/system/random.js';
import { createOpenSshTransport } from '../../src/transport/openssh.js';

/** `logins.main.js LAB ADDRESS…`: runs `true` on all hosts at once, over the transport that the doctor uses. */
const [lab = '', ...addresses] = process.argv.slice(2);
const paths = labPaths(process.env, lab);
const transport = createOpenSshTransport({ paths, clock: systemClock, random: systemRandom });
const results = await Promise.all(
  addresses.map((address) =>
    transport.run(
      { name: address, address, user: 'root' },
      { title: 'nothing', text: 'true' },
      { timeoutMs: 30_000 },
    ),
  ),
);
await transport.dispose();
if (!results.every((result) => result.ok && result.value.status === 0)) process.exitCode = 1;

import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { must, specFolder } from '../lab/support/cli.js';
import { hostCases, hostOf } from '../lab/support/host-cases.js';
import { labTransport } from '../lab/support/transport.js';
import { contractBench, expectResumes, expectRoundTrip } from '../steps/contract.js';

const LAB = 'steps-cuts';

let folder: string;
let transport: Awaited<ReturnType<typeof labTransport>>;
beforeAll(async () => {
  folder = await specFolder({ name: LAB, net: '10.78.0', servers: 1, agents: hostCases.length - 1 });
  await must(['lab', 'up'], folder);
  transport = await labTransport(LAB);
});
afterAll(async () => {
  await transport[Symbol.asyncDispose]();
  await must(['lab', 'down', LAB], folder);
  await rm(folder, { recursive: true, force: true });
});

describe.concurrent.each(hostCases.map((one, index) => ({ id: one.step.id, one, target: hostOf(index) })))(
  '$id',
  ({ one, target }) => {
    it('ends the same when it is resumed after any one cut, and is undone without a trace', async () => {
      const bench = () => contractBench({ transport, target }, one);
      if (one.prepare !== undefined) await bench().host(one.prepare);
      const after = await expectRoundTrip(bench());
      await expectResumes(bench(), after);
    });
  },
);

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must, statusOf } from '../lab/support/cli.js';
import { type VmLab, vmLab } from '../lab/support/vm-lab.js';

const LAB = 'long-vm-power';

let lab: VmLab;
beforeAll(async () => {
  lab = await vmLab(LAB, '{ name: flannel, mode: vxlan }');
}, 600_000);
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

describe('the power of virtual machines', () => {
  it('lets a host reboot by itself, shut down and keep its disk over a power cut', async () => {
    const bootId = () => lab.on('agent-1', 'cat /proc/sys/kernel/random/boot_id');
    const before = await bootId();
    await lab.on('agent-1', 'echo kept >/root/kept; sync; systemctl reboot');
    await expect
      .poll(() => bootId().catch(() => before), { timeout: 200_000, interval: 500 })
      .not.toBe(before);
    for (const how of ['stop', 'crash']) {
      await must(['lab', how, '--lab', LAB, 'agent-1'], lab.folder);
      expect((await statusOf(LAB, lab.folder)).hosts.find(({ name }) => name === 'agent-1')?.power).toBe(
        'off',
      );
      await must(['lab', 'start', '--lab', LAB, 'agent-1'], lab.folder);
      expect(await lab.on('agent-1', 'cat /root/kept')).toBe('kept\n');
    }
  });
});

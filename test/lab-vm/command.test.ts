import { describe, expect, it } from 'vitest';
import { hardwareAddress, vmCommand } from '../../src/lab/vm/command.js';
import { vmCountErrors } from '../../src/lab/vm/errors.js';

const tools = {
  key: 'k',
  tree: '/c/tree',
  release: '6.12.1',
  kernel: '/c/vmlinux',
  initrd: '/c/initrd',
  testInitrd: '/c/t',
};
const input = {
  tools,
  accelerator: 'tcg',
  index: 1,
  port: 'vb-abc-1',
  memoryMiB: 1024,
  processors: 2,
  disk: '/labs/a,b/root.raw',
  identity: '/labs/x/identity.tar',
  console: '/tmp/cm/vm1.sock',
} as const;

describe('the command line of a virtual machine', () => {
  it('runs QEMU from the tools with their own loader and libraries', () => {
    expect(vmCommand(input).slice(0, 4)).toEqual([
      '/c/tree/usr/lib64/ld-linux-x86-64.so.2',
      '--library-path',
      '/c/tree/usr/lib/x86_64-linux-gnu',
      '/c/tree/usr/bin/qemu-system-x86_64',
    ]);
  });

  it('uses the accelerator that works, and quotes commas in paths', () => {
    expect(vmCommand(input)).toContain('tcg,thread=multi,tb-size=128');
    expect(vmCommand({ ...input, accelerator: 'kvm' })).toContain('kvm');
    expect(vmCommand(input).join(' ')).toContain('file=/labs/a,,b/root.raw,if=none');
  });

  it('gives every host a hardware address of its own', () => {
    expect([0, 1, 2].map(hardwareAddress)).toEqual([
      '52:54:00:d5:00:01',
      '52:54:00:d5:00:02',
      '52:54:00:d5:00:03',
    ]);
  });
});

describe('the number of virtual machines', () => {
  it('is at most three', () => {
    expect(vmCountErrors(['a', 'b', 'c'])).toEqual([]);
    expect(vmCountErrors(['a', 'b', 'c', 'd'])).toMatchObject([
      {
        code: 'lab-vm-count',
        message: '4 virtual machines were asked for; 3 are the most',
        state: 'nothing was changed',
      },
    ]);
  });
});

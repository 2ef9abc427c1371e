import { join } from 'node:path';
import { execa } from 'execa';
import { KVM_MARK } from './initrd.js';
import { toolCommand, type VmTools } from './tools.js';

/** How virtual machines run: with the processor's help, or emulated (10 to 15 times slower). */
export type Accelerator = 'kvm' | 'tcg';

/** A working KVM needs about a second; a broken one may hang for ever. */
const TEST_MS = 10_000;

export const ACCELERATOR_ARGUMENTS: Readonly<Record<Accelerator, readonly string[]>> = {
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
  tcg: ['-accel', 'tcg,thread=multi,tb-size=128', '-cpu', 'max,la57=off'],
};

/** Where QEMU finds its firmware, which lies in the tools as well. */
export const firmwareArguments = (tools: VmTools): readonly string[] =>
  ['qemu', 'seabios'].flatMap((folder) => ['-L', join(tools.tree, 'usr/share', folder)]);

/** Boots the kernel once with an accelerator; true when it came up. */
export const boots = async (
  tools: VmTools,
  accelerator: Accelerator,
  timeoutMs = TEST_MS,
): Promise<boolean> => {
  const [loader, ...program] = toolCommand(tools.tree, 'qemu-system-x86_64');
  const tested = await execa(
    loader,
    [
      ...program,
      ...firmwareArguments(tools),
      ...ACCELERATOR_ARGUMENTS[accelerator],
      ...['-machine', 'q35', '-m', '256', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
      ...['-kernel', tools.kernel, '-initrd', tools.testInitrd],
      ...['-append', 'console=ttyS0 quiet reboot=t panic=-1', '-serial', 'stdio'],
    ],
    { reject: false, timeout: timeoutMs, killSignal: 'SIGKILL', stdin: 'ignore' },
  );
  return tested.stdout.includes(KVM_MARK);
};

/**
 * KVM where it works. That /dev/kvm exists says little: inside some clouds it opens, and the machine then hangs or
 * QEMU stops on a register that the layer below refuses. So a kernel is booted with it.
 */
export const chooseAccelerator = async (tools: VmTools): Promise<Accelerator> =>
  (await boots(tools, 'kvm')) ? 'kvm' : 'tcg';

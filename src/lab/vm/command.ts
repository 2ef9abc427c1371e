import { ACCELERATOR_ARGUMENTS, type Accelerator, firmwareArguments } from './accelerator.js';
import { toolCommand, type VmTools } from './tools.js';

/** Everything that QEMU is told about one host. */
export interface VmInput {
  readonly tools: VmTools;
  readonly accelerator: Accelerator;
  /** Position among the lab's hosts; makes its hardware address. */
  readonly index: number;
  /** Name of the tap interface in the namespace that QEMU is started in. */
  readonly port: string;
  readonly memoryMiB: number;
  readonly processors: number;
  readonly disk: string;
  /** Tar with the files that are this host's own. */
  readonly identity: string;
  /** Unix socket of the lab's console. */
  readonly console: string;
}

const KERNEL_ARGUMENTS = [
  'console=ttyS0',
  'quiet',
  'systemd.show_status=no',
  'mitigations=off',
  'tsc=reliable',
  'no_timer_check',
  'net.ifnames=0',
  // A triple fault resets the machine at once; other ways of rebooting wait for firmware.
  'reboot=t',
  'panic=5',
];

/** A hardware address of QEMU's own range. */
export const hardwareAddress = (index: number): string =>
  `52:54:00:d5:00:${(index + 1).toString(16).padStart(2, '0')}`;

/** QEMU separates options by commas; a comma in a path is doubled. */
const escaped = (path: string): string => path.replaceAll(',', ',,');

/** The command line of one virtual machine. Pure. */
export const vmCommand = (input: VmInput): readonly string[] => [
  ...toolCommand(input.tools.tree, 'qemu-system-x86_64'),
  ...firmwareArguments(input.tools),
  ...ACCELERATOR_ARGUMENTS[input.accelerator],
  ...['-machine', 'q35', '-smp', String(input.processors), '-m', String(input.memoryMiB)],
  ...['-nodefaults', '-no-user-config', '-display', 'none'],
  ...['-kernel', input.tools.kernel, '-initrd', input.tools.initrd, '-append', KERNEL_ARGUMENTS.join(' ')],
  // The disk is a plain file without a write-back cache in QEMU: killing QEMU is a power cut, no worse.
  ...['-drive', `file=${escaped(input.disk)},if=none,id=root,format=raw,cache=unsafe,discard=unmap`],
  ...['-device', 'virtio-blk-pci,drive=root'],
  ...['-drive', `file=${escaped(input.identity)},if=none,id=identity,format=raw,readonly=on`],
  ...['-device', 'virtio-blk-pci,drive=identity'],
  ...['-netdev', `tap,id=net,ifname=${input.port},script=no,downscript=no`],
  ...['-device', `virtio-net-pci,netdev=net,mac=${hardwareAddress(input.index)},romfile=`],
  ...['-device', 'virtio-rng-pci'],
  ...['-serial', 'stdio'],
  ...[
    '-chardev',
    `socket,id=console,path=${escaped(input.console)},server=on,wait=off`,
    '-serial',
    'chardev:console',
  ],
];

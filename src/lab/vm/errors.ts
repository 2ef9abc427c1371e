import { type DroverError, defineErrors } from '../../core/error.js';

/** Errors of virtual-machine hosts. */
export const vmErrors = defineErrors({
  'lab-vm-processor': {
    title: 'Virtual-machine hosts need an x86-64 machine',
    exit: 'failure',
    explain:
      'The virtual machines of the lab are x86-64. On other processors the lab’s ordinary hosts (containers) work as always.',
  },
  'lab-vm-count': {
    title: 'Too many virtual-machine hosts',
    exit: 'usage',
    explain:
      'A lab has at most 3 virtual machines: they prove what needs a kernel of its own (IPIP, WireGuard, clocks, swap, reboots). Choose hosts: `drover lab up --vm HOST HOST`, or leave out `--vm`.',
  },
  'lab-vm-tools': {
    title: 'The tools for virtual machines could not be made',
    exit: 'failure',
    explain:
      'QEMU and a Debian kernel are unpacked once into your cache, from the same Debian mirror as the lab’s root file system; nothing is installed on this machine. The message holds the last lines of what failed. Nothing half-made is kept.',
  },
  'lab-vm-image': {
    title: 'The disk of the virtual machines could not be made',
    exit: 'failure',
    explain:
      'One disk image is made from the lab’s root file system and the kernel’s modules, with `mke2fs`; every virtual machine gets a copy. The message holds the last lines of what failed.',
  },
});

export type VmErrorCode = keyof typeof vmErrors;

/** An error of virtual-machine hosts; without `state` nothing was changed. */
export const vmError = (
  code: VmErrorCode,
  message: string,
  more: Omit<Partial<DroverError>, 'code' | 'message'> = {},
): DroverError => ({ code, message, state: 'nothing was changed', ...more });

/** More would need more memory and processor time than their answers are worth. */
export const MAX_VMS = 3;

/** Refuses a lab with too many virtual machines before anything is made. Pure. */
export const vmCountErrors = (hosts: readonly string[]): readonly DroverError[] => {
  if (hosts.length <= MAX_VMS) return [];
  const message = `${hosts.length} virtual machines were asked for; ${MAX_VMS} are the most`;
  return [
    vmError('lab-vm-count', message, {
      hint: `name some: \`drover lab up --vm ${hosts.slice(0, 2).join(' ')}\``,
    }),
  ];
};

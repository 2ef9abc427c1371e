import { z } from 'zod';

/** Operating system, kernel and boot of a host. */
export const osSchema = z.strictObject({
  /** `ID` of os-release: debian, ubuntu, rocky … */
  id: z.string(),
  idLike: z.array(z.string()),
  versionId: z.string(),
  prettyName: z.string(),
  kernel: z.string(),
  /** `uname -m`: x86_64, aarch64 … */
  arch: z.string(),
  /** `systemd-detect-virt`: none, kvm, systemd-nspawn, lxc … or `unknown`. */
  virtualization: z.string(),
  /** True when the host shares its kernel with others (containers): swap, clock, modules, global sysctls are not its own. */
  sharedKernel: z.boolean(),
  /** PID 1: systemd, init … */
  init: z.string(),
  bootId: z.string(),
  uptimeSeconds: z.number(),
  /** Why a reboot is pending: a marker file, or a newer installed kernel. */
  rebootPending: z.string().optional(),
});

import { z } from 'zod';

export const cpuSchema = z.strictObject({ count: z.number().int(), model: z.string(), load1: z.number() });

export const memorySchema = z.strictObject({ totalKiB: z.number(), availableKiB: z.number() });

export const swapSchema = z.strictObject({
  totalKiB: z.number(),
  active: z.array(z.strictObject({ device: z.string(), sizeKiB: z.number() })),
  /** Lines of /etc/fstab that would switch swap on at the next boot. */
  fstab: z.array(z.string()),
  zram: z.boolean(),
});

/** File systems below the paths that a cluster fills; sizes in KiB. */
export const disksSchema = z.array(
  z.strictObject({
    path: z.string(),
    mount: z.string(),
    device: z.string(),
    type: z.string(),
    totalKiB: z.number(),
    availableKiB: z.number(),
    inodes: z.number(),
    inodesFree: z.number(),
    readOnly: z.boolean(),
  }),
);

export const limitsSchema = z.strictObject({
  conntrackMax: z.number().optional(),
  conntrackCount: z.number().optional(),
  inotifyInstances: z.number(),
  inotifyWatches: z.number(),
  fileMax: z.number(),
  /** Open files allowed to a service of PID 1 (soft, hard). */
  nofileSoft: z.number(),
  nofileHard: z.number(),
  pidMax: z.number(),
  threadsMax: z.number(),
});

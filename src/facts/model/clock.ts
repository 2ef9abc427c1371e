import { z } from 'zod';

export const clockSchema = z.strictObject({
  /** Host clock minus operator clock in milliseconds, measured at half the round trip. */
  skewMs: z.number(),
  /** Half the round trip: the skew is known to ± this. */
  uncertaintyMs: z.number(),
  /** What timedatectl/adjtimex says; undefined when it cannot be told. */
  synchronized: z.boolean().optional(),
  /** Running time services: systemd-timesyncd, chrony, ntpd … */
  services: z.array(z.string()),
  timezone: z.string(),
});

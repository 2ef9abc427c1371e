import { z } from 'zod';

/**
 * One probe over all ordered pairs of hosts, as pictures need it. Row = sender, column = receiver; one character per
 * cell, with the meaning of the facts file's probe cells. `values` replaces rows for probes that measure a number.
 */
export const matrixSchema = z.strictObject({
  /** `udp/8472@10.0.0.0/24`. */
  id: z.string(),
  title: z.string(),
  network: z.string(),
  control: z.boolean(),
  hosts: z.array(z.string()),
  rows: z.array(z.string()),
  values: z
    .strictObject({
      unit: z.string(),
      usual: z.number(),
      /** Pairs that differ: [from, to, value] indexes into `hosts`; -1 = not measured. */
      except: z.array(z.tuple([z.number().int(), z.number().int(), z.number()])),
    })
    .optional(),
});
export type Matrix = z.infer<typeof matrixSchema>;

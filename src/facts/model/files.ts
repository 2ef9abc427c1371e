import { z } from 'zod';

/**
 * Files that Drover's steps may own, by path; a path that is not listed does not exist. Content never travels:
 * `digest` is SHA-256 in hex, `hmac:…` for files that may hold secrets, or for large ones `sampled:` and the SHA-256
 * over their first and last MiB and their size.
 */
export const filesSchema = z.record(
  z.string(),
  z.strictObject({
    size: z.number().int(),
    /** Octal, four digits. */
    mode: z.string(),
    owner: z.string(),
    immutable: z.boolean(),
    link: z.string().optional(),
    digest: z.string().optional(),
  }),
);

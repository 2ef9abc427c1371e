import { z } from 'zod';

/** Scalars that several sections share. Formats are checked by regular expressions so that JSON Schema keeps them. */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and dashes (RFC 1123)')
  .max(63);
export const addressSchema = z.union([z.ipv4(), z.ipv6()]);
export const cidrSchema = z.union([z.cidrv4(), z.cidrv6()]);
export const portSchema = z.number().int().min(1).max(65535);
/** Duration as `90s`, `5m`, `1h`. */
export const durationSchema = z.string().regex(/^\d+(ms|s|m|h)$/, 'a duration such as 90s, 5m or 1h');

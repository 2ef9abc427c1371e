import { z } from 'zod';

/** Scalars that several sections share. Formats are checked by regular expressions so that JSON Schema keeps them. */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'expected lower-case letters, digits and dashes (RFC 1123)')
  .max(63, 'expected at most 63 characters');
export const addressSchema = z.union([z.ipv4(), z.ipv6()], { error: 'expected an IPv4 or IPv6 address' });
export const cidrSchema = z.union([z.cidrv4(), z.cidrv6()], {
  error: 'expected a range such as 10.42.0.0/16',
});
export const portSchema = z.number().int().min(1).max(65535);
/** Duration as `90s`, `5m`, `1h`. */
export const durationSchema = z
  .string()
  .regex(/^\d+(ms|s|m|h)$/, 'expected a duration such as 90s, 5m or 1h');
/** Amount of memory or disk as Kubernetes writes it: `512Mi`, `8Gi`. */
export const bytesSchema = z
  .string()
  .regex(/^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/, 'expected an amount such as 512Mi or 8Gi');
/** Amount of CPU as Kubernetes writes it: `250m`, `2`, `0.5`. */
export const cpuSchema = z.union([
  z.string().regex(/^(\d+m|\d+(\.\d+)?)$/, 'expected CPUs such as 250m or 2'),
  z.number().positive(),
]);
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 digest: 64 lower-case hexadecimal digits');
export const dateSchema = z.iso.date({ error: 'expected a date such as 2027-03-31' });
export const urlSchema = z.url({ protocol: /^https?$/, error: 'expected an http or https address' });
/** Name that DNS resolves: `platform.keybuzz.io`. */
export const domainNameSchema = z
  .string()
  .regex(
    /^(\*\.)?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'expected a lower-case DNS name',
  )
  .max(253, 'expected at most 253 characters');
/** One value of a secret: the secret's name and the key in it. Never the value itself. */
export const secretReferenceSchema = z.strictObject({
  secret: nameSchema.describe('Name of a secret that spec.secrets declares'),
  key: z.string().min(1).describe('Key in the secret'),
});

export const certificatesSchema = z
  .string()
  .regex(/^-----BEGIN CERTIFICATE-----/, 'expected certificates in PEM form');

/** How health is asked for; load balancers and external services share it. */
export const healthCheckSchema = z.strictObject({
  protocol: z.enum(['tcp', 'http', 'https']).default('tcp').describe('What is spoken'),
  port: portSchema.optional().describe('Port that is asked; default: the port that is served'),
  path: z.string().startsWith('/').optional().describe('Path of an http or https check'),
  status: z
    .array(z.number().int().min(100).max(599))
    .default([200])
    .describe('HTTP statuses that mean healthy'),
  interval: durationSchema.default('15s').describe('Time between two checks'),
  timeout: durationSchema.default('10s').describe('Time after which a check has failed'),
  retries: z.number().int().min(1).max(10).default(3).describe('Failures in a row that mean unhealthy'),
});

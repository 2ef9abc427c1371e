import type { OutageRecord } from '../../src/steps/guards/pairs/outage-record.js';

/** A moment of the run, in seconds since its begin. */
export const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

/** What a prober records of one that began after `from` seconds and took `ms`. */
export const outage = (subject: string, from: number, ms: number): OutageRecord => ({
  type: 'outage',
  subject,
  from: at(from),
  to: at(from + ms / 1000),
  ms,
  why: 'Connection refused',
});

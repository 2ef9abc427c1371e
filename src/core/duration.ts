const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `5m` in milliseconds; undefined for anything else, and for none at all. */
export const parseDuration = (text: string): number | undefined => {
  const [, number, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
};

import { defineCollector } from '../collector.js';

const kibibytes = (text: string, name: string): number | undefined => {
  const found = new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
};

export const memory = defineCollector({
  id: 'memory',
  title: 'Memory',
  volatile: true,
  needsRoot: false,
  script: `grep -E '^(MemTotal|MemFree|MemAvailable|Buffers|Cached):' /proc/meminfo`,
  parse: ({ stdout }) => {
    const totalKiB = kibibytes(stdout, 'MemTotal');
    if (totalKiB === undefined) return { error: '/proc/meminfo names no MemTotal' };
    return {
      value: {
        totalKiB,
        availableKiB: kibibytes(stdout, 'MemAvailable') ?? kibibytes(stdout, 'MemFree') ?? 0,
      },
    };
  },
});

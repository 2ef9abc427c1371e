import { defineCollector } from '../collector.js';
import { blocksOf, linesOf, numberOr } from './blocks.js';

export const cpu = defineCollector({
  id: 'cpu',
  title: 'Processors',
  volatile: true,
  needsRoot: false,
  script: `
block cpuinfo; grep -E '^(processor|model name|Model|CPU part)' /proc/cpuinfo
block load; say /proc/loadavg`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const lines = linesOf(block('cpuinfo'));
    const count = lines.filter((line) => line.startsWith('processor')).length;
    const model = lines.find((line) => /^(model name|Model|CPU part)/.test(line));
    if (count === 0) return { error: '/proc/cpuinfo names no processor' };
    return {
      value: {
        count,
        model: model?.replace(/^[^:]*:\s*/, '') ?? 'unknown',
        load1: numberOr(block('load').split(' ')[0], 0),
      },
    };
  },
});

import { defineCollector } from '../collector.js';
import { blocksOf, linesOf } from './blocks.js';

export const swap = defineCollector({
  id: 'swap',
  title: 'Swap',
  volatile: false,
  needsRoot: false,
  script: `
block swaps; say /proc/swaps
block fstab; awk '$1 !~ /^#/ && $3 == "swap"' /etc/fstab 2>/dev/null
block zram; for device in /sys/block/zram*; do if [ -e "$device" ]; then echo "$device"; fi; done
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const active = linesOf(block('swaps'))
      .slice(1)
      .map((line) => line.split(/\s+/))
      .map(([device = '', , size]) => ({ device, sizeKiB: Number(size) }));
    return {
      value: {
        totalKiB: active.reduce((sum, { sizeKiB }) => sum + sizeKiB, 0),
        active,
        fstab: [...linesOf(block('fstab'))],
        zram: block('zram') !== '' && active.some(({ device }) => device.includes('zram')),
      },
    };
  },
});

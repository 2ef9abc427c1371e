import { count } from '../../core/text.js';
import type { HostFacts } from '../../facts/model/host-facts.js';

const KIB_PER_GIB = 1024 ** 2;

const size = (kib: number): string =>
  kib >= KIB_PER_GIB ? `${Math.round(kib / KIB_PER_GIB)} GiB` : `${Math.round(kib / 1024)} MiB`;

/** What a host is, in one line: "10.0.0.100 · Debian GNU/Linux 13 · Linux 6.12 · 4 CPUs · 8 GiB". */
export const hostText = ({ address, sections }: HostFacts): string => {
  const os = sections.os?.value;
  const cpu = sections.cpu?.value;
  const memory = sections.memory?.value;
  const parts = [
    address,
    os === undefined ? '' : os.prettyName.replace(/ ?\(.*\)/, '').replace('GNU/Linux ', ''),
    os === undefined ? '' : `Linux ${os.kernel.split(/[-+]/)[0] ?? ''}`,
    cpu === undefined ? '' : count(cpu.count, 'CPU'),
    memory === undefined ? '' : size(memory.totalKiB),
  ];
  return parts.filter((part) => part !== '').join(' · ');
};

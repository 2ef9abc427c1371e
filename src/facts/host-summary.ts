import type { HostFacts } from './model/host-facts.js';

/** One line about a host while facts come in: "debian 13 · 6.12.43 · 2 cpu · 4 GiB · k3s-server active". */
export const hostSummary = ({ contact, sections }: HostFacts): string => {
  if (contact.state === 'failed') return contact.detail;
  const os = sections.os?.value;
  const memory = sections.memory?.value;
  const install = sections.kubernetes?.value?.installs[0];
  const parts = [
    os === undefined ? undefined : `${os.id} ${os.versionId}`.trim(),
    os?.kernel,
    sections.cpu?.value === undefined ? undefined : `${sections.cpu.value.count} cpu`,
    memory === undefined ? undefined : `${Math.max(1, Math.round(memory.totalKiB / 1024 / 1024))} GiB`,
    install === undefined ? 'no kubernetes' : `${install.kind}-${install.role} ${install.active}`,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
};

import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blocksOf } from './blocks.js';

type Selinux = CollectorValue<'security'>['selinux'];
const SELINUX: Readonly<Record<string, Selinux>> = { '1': 'enforcing', '0': 'permissive' };

export const security = defineCollector({
  id: 'security',
  title: 'Security modules',
  volatile: false,
  needsRoot: false,
  script: `
block selinux; say /sys/fs/selinux/enforce
block apparmor; say /sys/module/apparmor/parameters/enabled
block lockdown; say /sys/kernel/security/lockdown
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const lockdown = /\[(\w+)\]/.exec(block('lockdown'))?.[1];
    return {
      value: {
        selinux: SELINUX[block('selinux')] ?? 'disabled',
        apparmor: block('apparmor') === 'Y',
        ...(lockdown === undefined ? {} : { lockdown }),
      },
    };
  },
});

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
block selinux; cat /sys/fs/selinux/enforce 2>/dev/null
block apparmor; cat /sys/module/apparmor/parameters/enabled 2>/dev/null
block lockdown; cat /sys/kernel/security/lockdown 2>/dev/null
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

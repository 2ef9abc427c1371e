import { duplicates, observe } from '../access.js';
import { findingPerKey, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const duplicateMachineId = defineRule({
  code: 'duplicate-machine-id',
  title: 'Hosts share one machine-id',
  severity: 'error',
  reads: ['identity'],
  explain: `Hosts cloned from one image without cleaning share \`/etc/machine-id\`. DHCP then hands out one address to all of them, systemd derives equal
MAC addresses for the VXLAN devices of all hosts, journals mix, and Kubernetes reports nodes with one identity.

Make a new one on all but one host. The file must be emptied in the image, so that each clone writes its own at first start.`,
  source: 'man machine-id(5)',
  causes: ['duplicate-address', 'duplicate-mac'],
  check: (context) => {
    const seen = observe(context, 'identity', ({ machineId }) =>
      machineId === '' ? undefined : { text: `machine-id ${machineId}`, at: 'machineId', key: machineId },
    );
    return findingPerKey(duplicates(seen), (_, group) => ({
      title: `${where(group)} have the same machine-id`,
      cause: 'The hosts were cloned from one disk image whose machine-id was not emptied.',
      fix: manual(
        'on all but one: rm -f /etc/machine-id /var/lib/dbus/machine-id && systemd-machine-id-setup && reboot',
      ),
    }));
  },
});

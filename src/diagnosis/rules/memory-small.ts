import { grouped, isServer, observe } from '../access.js';
import { does, findingPerKey, manual } from '../compose.js';
import { defineRule } from '../rule.js';

const MIB = 1024;
/** MiB below which it does not work (Kubespray's asserts), and below which it is short (K3s' requirements), less what firmware keeps. */
const FLOOR = { server: { error: 1400, warning: 1850 }, agent: { error: 480, warning: 950 } };

export const memorySmall = defineRule({
  code: 'memory-small',
  title: 'Too little memory',
  severity: 'warning',
  reads: ['memory'],
  explain: `A server needs 2 GiB (less than 1500 MB is refused by Kubespray and does not carry etcd and the API server), an agent 1 GiB; 512 MiB is the least that K3s names.`,
  source: 'https://docs.k3s.io/installation/requirements',
  check: (context) => {
    const seen = observe(context, 'memory', ({ totalKiB }, host) => {
      const floor = FLOOR[isServer(host) ? 'server' : 'agent'];
      const total = Math.round(totalKiB / MIB);
      if (total >= floor.warning) return undefined;
      return { text: `${total} MiB`, at: 'totalKiB', key: total < floor.error ? 'error' : 'warning' };
    });
    return findingPerKey(grouped(seen), (severity, group) => ({
      severity: severity === 'error' ? 'error' : 'warning',
      title: `${does(group, 'has')} too little memory${severity === 'error' ? ' to run Kubernetes' : ''}`,
      cause: 'The machine type is too small for its role.',
      fix: manual('use a machine with at least 2 GiB for servers and 1 GiB for agents'),
    }));
  },
});

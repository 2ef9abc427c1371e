import { observe } from '../access.js';
import { does, findingIf, step } from '../compose.js';
import { defineRule } from '../rule.js';

export const rpFilterStrict = defineRule({
  code: 'rp-filter-strict',
  title: 'Strict reverse-path filtering',
  severity: 'warning',
  reads: ['sysctls'],
  explain: `With \`net.ipv4.conf.all.rp_filter = 1\` the kernel drops packets whose answer would leave through another interface. Hosts with two networks, Cilium, and every
change from one cluster network to another have such paths: with 1 on either side the old and the new network cannot talk to each other. 2 (loose) is enough
protection and disturbs nobody; current Calico accepts it.`,
  source: 'https://www.kernel.org/doc/Documentation/networking/ip-sysctl.txt',
  check: (context) => {
    const key = 'net.ipv4.conf.all.rp_filter';
    const seen = observe(context, 'sysctls', (sysctls) =>
      sysctls[key] === '1' ? { text: `${key} = 1 (strict)`, at: key } : undefined,
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'drops')} packets that arrive on another interface than the answer would leave by`,
      cause: 'Strict reverse-path filtering is set for all interfaces.',
      fix: step(
        'host.sysctls',
        'echo "net.ipv4.conf.all.rp_filter = 2" > /etc/sysctl.d/99-drover-rp-filter.conf && sysctl --system',
      ),
    }));
  },
});

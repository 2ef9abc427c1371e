import { observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { neededPorts, portName } from '../needed-ports.js';
import { defineRule } from '../rule.js';
import { ufwAllows } from '../ufw.js';

export const ufwBlocks = defineRule({
  code: 'ufw-blocks',
  title: 'ufw is active without the rules that the cluster needs',
  severity: 'error',
  reads: ['firewall', 'spec'],
  explain: `ufw denies inbound traffic by default, and no rule opens the ports that nodes need from each other: 6443, 2379 and 2380 (servers), 10250, and the tunnel's UDP port. K3s also needs the pod and Service ranges
allowed, or ufw off.

\`ufw allow from NODE-RANGE\` opens everything between nodes in one line; the step writes the strict rules.`,
  source: 'https://docs.k3s.io/installation/requirements',
  causes: [
    'udp-blocked-by-host',
    'udp-refused',
    'tcp-blocked-by-host',
    'ipip-lost',
    'path-lost',
    'forward-policy-drop',
    'vxlan-frames-lost',
  ],
  check: (context) => {
    const seen = observe(context, 'firewall', ({ ufw }, host) => {
      if (!ufw.active || !/deny|reject|drop/i.test(ufw.defaultInput ?? 'deny')) return undefined;
      const missing = neededPorts(context, host).filter((wanted) => !ufwAllows(ufw.rules, wanted));
      if (missing.length === 0) return undefined;
      return {
        text: `default ${ufw.defaultInput ?? 'deny'}, no rule for ${missing.map(portName).join(', ')}`,
        at: 'ufw',
      };
    });
    return findingIf(seen, () => ({
      title: `ufw on ${where(seen)} shuts out the other nodes`,
      cause: 'ufw is active with a default of deny and was never told of the cluster.',
      fix: step(
        'host.firewall',
        'ufw allow from NODE-RANGE && ufw allow from POD-RANGE && ufw allow from SERVICE-RANGE',
      ),
    }));
  },
});

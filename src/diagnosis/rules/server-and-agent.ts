import { observe } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const serverAndAgent = defineRule({
  code: 'server-and-agent',
  title: 'Server and agent of one distribution on one host',
  severity: 'error',
  reads: ['kubernetes'],
  explain: `Both \`k3s.service\` and \`k3s-agent.service\` exist. A server is an agent too: the two fight for kubelet's port, containerd's socket and the node name, and after each reboot the winner may change.`,
  causes: ['install-failing', 'install-role-differs', 'port-kubelet-taken'],
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs }) => {
      const servers = installs.filter(({ role }) => role === 'server');
      const agents = installs.filter(
        ({ role, kind }) => role === 'agent' && servers.some((server) => server.kind === kind),
      );
      if (agents.length === 0) return undefined;
      const units = [...servers, ...agents].map(
        ({ unit, kind, role, active }) => `${unit ?? `${kind} ${role}`} (${active})`,
      );
      return { text: units.join(' and '), at: 'installs' };
    });
    return findingIf(seen, () => ({
      title: `${does(seen, 'has')} a server and an agent unit of the same distribution`,
      cause: 'The installation script ran twice with different roles.',
      fix: manual(
        'on a server: systemctl disable --now k3s-agent && rm /etc/systemd/system/k3s-agent.service && systemctl daemon-reload',
      ),
    }));
  },
});

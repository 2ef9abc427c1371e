import { manual } from '../compose.js';
import { grid } from '../paths/grid.js';
import { lossEvidence } from '../paths/loss.js';
import { defineRule } from '../rule.js';
import { lostPaths } from '../shapes/lost-paths.js';

export const claimCiliumAvoidsVxlan = defineRule({
  code: 'claim-cilium-avoids-vxlan',
  title: '"Cilium does not use VXLAN by default"',
  severity: 'info',
  reads: ['probe:udp', 'spec'],
  explain: `It does: Cilium's default is a VXLAN tunnel on UDP **8472**, the very port of Flannel. Where 8472 is lost, Cilium's default fails in the same way. Its native routing needs hosts on one segment or routes kept by the provider. The keys of old
recipes (\`tunnel: disabled\`, \`kube-proxy-replacement: strict\`, \`quick-install.yaml\`) no longer exist; today: \`routingMode\`, \`tunnelPort\`, \`kubeProxyReplacement: true\`.`,
  source: 'https://docs.cilium.io/en/stable/network/concepts/routing/',
  check: (context) => {
    const udp = grid(context, 'udp', 8472);
    const wanted = context.cluster?.spec.network.cni.name;
    if (udp === undefined || (wanted !== 'cilium' && wanted !== 'flannel')) return [];
    const loss = lostPaths(context, udp, { cells: '-nsr' });
    if (loss === undefined) return [];
    return [
      {
        title: 'Changing to Cilium would not help: its default tunnel is VXLAN on the same UDP 8472',
        hosts: [...loss.culprits],
        evidence: [lossEvidence(loss, 'UDP 8472 lost')],
        cause: 'Cilium tunnels by VXLAN on UDP 8472 unless it is told otherwise.',
        fix: manual(
          'if it shall be Cilium: a port that passes (tunnelPort), or routingMode: native where the verdicts allow it',
        ),
      },
    ];
  },
});

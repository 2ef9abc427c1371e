import { KUBESPRAY_OWNED } from '../options/kubespray.js';
import { defineSpecRule } from '../rule.js';

export const kubesprayVariables = defineSpecRule({
  code: 'kubespray-variables',
  title: 'A Kubespray variable does not exist or has its own place in the spec',
  severity: 'error',
  explain: `Drover writes Kubespray's variables from the spec. Ansible accepts variables that nobody reads, so a wrong name has no
effect at all: \`network_plugin\` is \`kube_network_plugin\`, \`calico_nat_outgoing\` is \`nat_outgoing\`. IPIP takes three variables
together (\`calico_ipip_mode\`, \`calico_vxlan_mode\`, \`calico_network_backend: bird\`); with the default backend it installs
without an error and routes nothing. \`network.cni.mode: ipip\` sets all three.`,
  source: 'https://github.com/kubernetes-sigs/kubespray/blob/master/docs/CNI/calico.md',
  reads: ['distribution'],
  check: ({ distribution }, { at }) => {
    if (distribution.kind !== 'kubespray') return [];
    return Object.keys(distribution.variables).flatMap((key) => {
      const answer = KUBESPRAY_OWNED[key];
      if (answer === undefined) return [];
      return [
        {
          message: answer.exists ? `${key} is set by Drover` : `Kubespray has no variable ${key}`,
          location: at(['spec', 'distribution', 'variables', key], 'key'),
          hint: `say it by ${answer.instead}`,
        },
      ];
    });
  },
});

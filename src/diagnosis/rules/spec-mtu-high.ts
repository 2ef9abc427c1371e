import { manual } from '../compose.js';
import { askedOption, NETWORKS } from '../networks.js';
import { defineRule } from '../rule.js';
import { underlayOf } from '../underlay.js';

export const specMtuHigh = defineRule({
  code: 'spec-mtu-high',
  title: "The spec's MTU does not fit into the measured network",
  severity: 'error',
  reads: ['links', 'probe:path-mtu', 'spec'],
  explain: `The MTU inside the cluster network plus the overhead of its tunnel must fit into the smallest packet that passes between the nodes. Otherwise large packets vanish inside the tunnel. An MTU applies to new pods only.`,
  source: 'https://docs.tigera.io/calico/latest/networking/configuring/mtu',
  check: (context) => {
    const wanted = context.cluster?.spec.network.cni.mtu;
    const option = askedOption(context.cluster);
    const underlay = underlayOf(context);
    if (wanted === undefined || option === undefined || underlay === undefined) return [];
    const { title, overhead } = NETWORKS[option];
    const fits = underlay.mtu - overhead;
    if (wanted <= fits) return [];
    return [
      {
        title: `spec.network.cni.mtu is ${wanted}, but at most ${fits} fits for ${title}`,
        hosts: underlay.evidence.host === undefined ? [] : [underlay.evidence.host],
        evidence: [underlay.evidence],
        cause: `The node network carries ${underlay.mtu} bytes, and the tunnel takes ${overhead} of them.`,
        fix: manual(`set spec.network.cni.mtu: ${fits}, or leave it out and let Drover measure it`),
      },
    ];
  },
});

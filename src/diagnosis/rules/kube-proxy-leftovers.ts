import { liveInstalls } from '../access.js';
import { leftoversRule } from '../shapes/leftovers.js';

export const kubeProxyLeftovers = leftoversRule({
  code: 'kube-proxy-leftovers',
  title: 'kube-proxy left rules',
  owners: ['kube-proxy'],
  called: 'kube-proxy',
  inUse: (host) =>
    liveInstalls(host).some(({ settings }) => settings['disable-kube-proxy']?.value !== 'true'),
  byHand:
    'iptables-save | grep -v KUBE- | iptables-restore; ip link del kube-ipvs0; conntrack -D --orig-dst SERVICE-RANGE; or reboot',
  explain: `Rules of kube-proxy stand on a host where none runs. They work until the endpoints of a Service change; from then on that ClusterIP leads to pods that are gone. With \`disable-kube-proxy\` another program must take over first
(Cilium with \`kubeProxyReplacement\` and \`k8sServiceHost\`), then the rules go.`,
  causes: [],
});

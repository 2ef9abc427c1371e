import { liveInstalls, observe } from '../access.js';
import { filesThatCount } from '../cni.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const noClusterNetwork = defineRule({
  code: 'no-cluster-network',
  title: 'Flannel is off and no other network is installed',
  severity: 'error',
  reads: ['cni', 'kubernetes'],
  explain: `\`flannel-backend: none\` is set and the folder that the runtime reads holds no configuration: nodes are NotReady with "cni plugin not initialized", and no pod starts but those in hostNetwork. Either the other network was not
installed yet, or it wrote its file elsewhere (\`conflist-unread\`).`,
  source: 'https://docs.k3s.io/networking/basic-network-options#custom-cni',
  check: (context) => {
    const seen = observe(context, 'cni', (cni, host) => {
      const off = liveInstalls(host).filter(({ settings }) => settings['flannel-backend']?.value === 'none');
      if (off.length === 0 || cni.readFrom.length === 0 || filesThatCount(cni).length > 0) return undefined;
      return {
        text: `flannel-backend: none, no configuration in ${cni.readFrom.map(({ confDir }) => confDir).join(', ')}`,
        at: 'files',
      };
    });
    return findingIf(seen, () => ({
      title: `${does(seen, 'has')} no cluster network: Flannel is off and no other is installed`,
      cause: 'Flannel was switched off before the next network was installed.',
      fix: manual(
        'install the network of the spec, or go back: remove flannel-backend: none on all servers and restart k3s',
      ),
    }));
  },
});

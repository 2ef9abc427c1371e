import { type Look, liveInstalls, observe } from '../access.js';
import { cniOf, filesThatCount, ownerOfFile } from '../cni.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const conflistUnread = defineRule({
  code: 'conflist-unread',
  title: 'A network configuration lies in a folder that nobody reads',
  severity: 'warning',
  reads: ['cni', 'kubernetes'],
  explain: `K3s with Flannel on reads \`/var/lib/rancher/k3s/agent/etc/cni/net.d\`, not \`/etc/cni/net.d\`. A conflist that Calico or Cilium put into the latter does nothing until \`flannel-backend: none\` is set on all servers. The evidence shows the
folder that the runtime really reads.`,
  source: 'https://docs.k3s.io/networking/basic-network-options#custom-cni',
  check: (context) => {
    const seen = observe(context, 'cni', (value, host): Look[] => {
      const cni = cniOf(host) ?? value;
      if (liveInstalls(host).length === 0 || cni.readFrom.length === 0) return [];
      const read = new Set(filesThatCount(cni).map(({ path }) => path));
      const dirs = [...new Set(cni.readFrom.map(({ confDir }) => confDir))].join(', ');
      return cni.files
        .filter(
          (file) =>
            /\.(conf|conflist)$/.test(file.path) && !read.has(file.path) && ownerOfFile(file) !== undefined,
        )
        .map(({ path }) => ({ text: `${path}; the runtime reads ${dirs}`, at: 'files' }));
    });
    return findingIf(seen, () => ({
      title: `A network configuration on ${where(seen)} lies in a folder that the runtime does not read`,
      cause: 'K3s uses a folder of its own while Flannel is on, or the file is left from an earlier network.',
      fix: step(
        'k3s.config',
        'to use it: flannel-backend: none in /etc/rancher/k3s/config.yaml.d/90-cni.yaml on all servers; else delete the file',
      ),
    }));
  },
});

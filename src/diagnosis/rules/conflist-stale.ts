import { observe } from '../access.js';
import { activeNetworks, filesThatCount, ownerOfFile, splitPath } from '../cni.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const conflistStale = defineRule({
  code: 'conflist-stale',
  title: 'The runtime would read the configuration of a network that is not there',
  severity: 'error',
  reads: ['cni', 'kubernetes', 'spec'],
  explain: `The container runtime takes the first file of its CNI folder, in alphabetical order. A file of an earlier network that sorts first (\`10-calico.conflist\`) wins over the new one: pods stay in ContainerCreating with "failed to find
plugin" or "connection is unauthorized", although the new network is healthy.`,
  causes: ['install-failing'],
  check: (context) => {
    const wanted = context.cluster?.spec.network.cni.name;
    const seen = observe(context, 'cni', (cni, host) => {
      const [first] = filesThatCount(cni);
      const owner = first === undefined ? undefined : ownerOfFile(first);
      if (first === undefined || owner === undefined || owner === wanted || activeNetworks(host).size > 0)
        return undefined;
      return { text: `${first.path} is read first in ${splitPath(first.path).dir}`, at: 'files' };
    });
    const files = [...new Set(seen.map(({ text }) => text.split(' ')[0] ?? ''))];
    return findingIf(seen, () => ({
      title: `The runtime on ${where(seen)} would read ${files.map((file) => splitPath(file).name).join(' and ')} of a network that is not there`,
      cause: 'An earlier network was removed without its configuration file.',
      fix: manual(`rm ${files.join(' ')}`),
    }));
  },
});

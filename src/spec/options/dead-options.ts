import type { ClusterSpec } from '../schema/cluster.js';
import { calicoProblems } from './calico.js';
import { ciliumProblems } from './cilium.js';
import { flannelProblems } from './flannel.js';
import { flattenOptions, type OptionProblem } from './option.js';

/** What is wrong with `network.cni.options`, whatever the network. */
export const deadOptions = (network: ClusterSpec['network']): readonly OptionProblem[] => {
  const options = flattenOptions(network.cni.options);
  switch (network.cni.name) {
    case 'calico':
      return calicoProblems(network, options);
    case 'cilium':
      return ciliumProblems(network, options);
    case 'flannel':
      return flannelProblems(options);
    case 'lab':
    case 'none':
      return options
        .filter(({ path }) => path.length === 1)
        .map(({ path, name }) => ({
          path,
          severity: 'warning',
          message:
            network.cni.name === 'none'
              ? `${name} does nothing: no cluster network is installed`
              : `${name} does nothing: the lab’s network has no options`,
          instead: 'remove it, or name a network',
        }));
  }
};

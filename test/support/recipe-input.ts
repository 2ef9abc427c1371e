import type { RecipeInput } from '../../src/steps/cni/recipe.js';

/** Where K3s' containerd reads the configuration of pods' networks. */
export const K3S_CONF = '/var/lib/rancher/k3s/agent/etc/cni/net.d';

/** What a VXLAN beside Flannel is made from, on hosts of K3s as it comes; a test names only what matters to it. */
export const recipeInput = (part: Partial<RecipeInput> = {}): RecipeInput => ({
  version: '1',
  mode: 'vxlan',
  pool: '10.42.128.0/17',
  blockPrefix: 26,
  mtu: 1400,
  port: 4789,
  pods: '10.42.0.0/16',
  services: '10.43.0.0/16',
  beside: true,
  confDir: K3S_CONF,
  binDir: '/var/lib/rancher/k3s/data/current/bin',
  api: { host: '10.0.0.10', port: 6443 },
  nodes: [{ name: 'n1', address: '10.0.0.1' }],
  ...part,
});

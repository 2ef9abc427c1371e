import { type Look, observe } from '../access.js';
import { activeNetworks } from '../cni.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const ciliumBackups = defineRule({
  code: 'cilium-backups',
  title: 'Cilium renamed the configuration of another network',
  severity: 'warning',
  reads: ['cni', 'kubernetes'],
  explain: `Cilium renames other networks' files to \`*.cilium_bak\`, so that kubelet reads only its own. When Cilium goes, nobody renames them back, and nodes stay NotReady with "cni plugin not initialized".`,
  source: 'https://docs.cilium.io/en/stable/network/kubernetes/configuration/',
  check: (context) => {
    const seen = observe(context, 'cni', ({ files }, host): Look[] =>
      activeNetworks(host).has('cilium')
        ? []
        : files
            .filter(({ path }) => path.endsWith('.cilium_bak'))
            .map(({ path }) => ({ text: path, at: 'files' })),
    );
    return findingIf(seen, () => ({
      title: `Cilium left another network's configuration renamed on ${where(seen)}`,
      cause: 'Cilium ran here with cni.exclusive and was removed.',
      fix: step(
        'cni.clean',
        'drover clean cni; by hand: rename it back when that network is wanted: mv FILE.cilium_bak FILE; else delete it',
      ),
    }));
  },
});

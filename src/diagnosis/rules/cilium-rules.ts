import { observe } from '../access.js';
import { activeNetworks } from '../cni.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const ciliumRules = defineRule({
  code: 'cilium-rules',
  title: "Cilium's routing rules stand although Cilium is gone",
  severity: 'error',
  reads: ['routes', 'cni', 'kubernetes'],
  explain: `Cilium moves the rule for the local table from preference 0 to 100 and adds rules at 9 and 10 that lead into tables 2004 and 2005. Its clean-up leaves them. Packets with Cilium's marks then go to tables that are empty.

Put the local rule back **before** you delete the moved one: without any, the host does not know its own addresses.`,
  source: 'https://docs.cilium.io/en/stable/installation/k8s-install-migration/',
  check: (context) => {
    const seen = observe(context, 'routes', ({ rules }, host) => {
      const own = rules.filter(
        ({ priority, text }) =>
          /lookup (2004|2005)\b/.test(text) || (priority === 100 && /lookup local/.test(text)),
      );
      return own.length === 0 || activeNetworks(host).has('cilium')
        ? undefined
        : { text: own.map(({ priority, text }) => `${priority}: ${text}`).join(' · '), at: 'rules' };
    });
    return findingIf(seen, () => ({
      title: `Cilium's routing rules still stand on ${where(seen)}`,
      cause: 'Cilium was removed; its clean-up does not touch routing rules.',
      fix: step(
        'cni.clean',
        'drover clean cni; by hand: in this order: ip rule add pref 0 table local; ip rule del pref 100; ip rule del pref 9; ip rule del pref 10',
      ),
    }));
  },
});

import { manual } from '../compose.js';
import { askedOption } from '../networks.js';
import { grid } from '../paths/grid.js';
import { statefulOnly } from '../paths/stateful.js';
import { defineRule } from '../rule.js';
import { lossFinding, lostPaths } from '../shapes/lost-paths.js';

export const ipipUnproven = defineRule({
  code: 'ipip-unproven',
  title: 'IPIP passes only after the peer has spoken, as far as measured',
  severity: 'warning',
  reads: ['probe:protocol', 'spec'],
  explain: `The packets of IP protocol 4 pass, but the peer had sent some before. A stateful firewall without a rule for protocol 4 lets answers pass for about ten minutes: then an idle pair of nodes loses its tunnel. A
quick run cannot tell that from a real permission; \`--deep\` waits until such state has expired.`,
  source: 'https://github.com/projectcalico/calico/issues/1357',
  causes: ['claim-ipip-not-blocked'],
  check: (context) => {
    const protocol = grid(context, 'protocol', 4);
    if (protocol === undefined || statefulOnly(protocol) || askedOption(context.cluster) !== 'calico-ipip')
      return [];
    const loss = lostPaths(context, protocol, { cells: 'w' });
    if (loss === undefined) return [];
    return [
      {
        ...lossFinding(loss, {
          subject: '',
          evidence: 'protocol 4 passes after the peer spoke',
          cause:
            'Cold passage was not measured; a stateful firewall would show the same until the pair is idle.',
          fix: manual('measure it cold: drover doctor --deep'),
        }),
        title: `IPIP (IP protocol 4) is not proven to pass cold on ${loss.lost.length} of ${loss.considered} paths`,
      },
    ];
  },
});

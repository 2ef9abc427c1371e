import { networksInUse } from '../../facts/cni/in-use.js';
import { members } from '../access.js';
import { wayText } from '../change/text.js';
import { networkChange } from '../change/ways.js';
import { limited, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const networkDiffers = defineRule({
  code: 'network-differs',
  title: 'Another cluster network runs than the spec asks for',
  severity: 'info',
  reads: ['kubernetes', 'cni', 'links', 'spec'],
  explain: `The evidence lists the ways from the network that runs to the one that the spec asks for, each with its price: what is interrupted, reboots, what is lost, the way back. A way that the facts forbid is shown with the fact.

\`drover plan --only network\` plans the change by the way that \`spec.network.change.way\` names.`,
  check: (context) => {
    const change = networkChange(context);
    if (change === undefined) return [];
    const { used } = networksInUse(members(context), context.facts.kubernetes);
    const seen = used.flatMap(({ evidence }) => evidence);
    const [first] = seen;
    const fact = first?.fact ?? 'spec.network.cni';
    return [
      {
        title: `${change.from} runs, and the spec asks for ${change.to}`,
        hosts: [...new Set(seen.flatMap(({ host }) => host ?? []))].sort(),
        evidence: limited([...seen.slice(0, 2), ...change.ways.map((way) => ({ fact, text: wayText(way) }))]),
        cause: 'The spec was changed after the cluster was built, or the cluster was built by other means.',
        fix: manual('drover plan --only network; spec.network.change.way chooses the way'),
      },
    ];
  },
});

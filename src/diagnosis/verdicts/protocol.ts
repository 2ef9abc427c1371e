import { named } from '../compose.js';
import { grid } from '../paths/grid.js';
import { lossEvidence } from '../paths/loss.js';
import { statefulOnly } from '../paths/stateful.js';
import type { RuleContext } from '../rule.js';
import { lostPaths } from '../shapes/lost-paths.js';
import { type Check, impossible, needs, pass, unmeasured } from './check.js';

const WHO_CAN =
  "firewalls of Hetzner Cloud, DigitalOcean and Azure cannot allow it; Linode's, GCE's and OpenStack's can";

/** Does IP protocol 4 pass, also when the peer has been silent? */
export const ipipPasses = (context: RuleContext): Check => {
  const ipip = grid(context, 'protocol', 4);
  if (ipip === undefined) return unmeasured('IP protocol 4 between all hosts: run drover doctor with probes');
  const byHost = lostPaths(context, ipip, { cells: 'ns' });
  const byNetwork = lostPaths(context, ipip, { cells: '-rc' });
  const warm = lostPaths(context, ipip, { cells: 'w' });
  if (statefulOnly(ipip) && warm !== undefined)
    return impossible(
      `IP protocol 4 passes only as an answer: a stateful firewall without a rule for it, so idle pairs lose their tunnel (${WHO_CAN})`,
      lossEvidence(warm, 'passes only after the peer has spoken'),
    );
  if (byNetwork !== undefined)
    return impossible(
      `the network drops IP protocol 4 (${WHO_CAN})`,
      lossEvidence(byNetwork, 'protocol 4 lost'),
    );
  if (byHost !== undefined)
    return needs(
      `the hosts' own firewall lets IP protocol 4 in: ${named(byHost.culprits)}`,
      lossEvidence(byHost, 'protocol 4 dropped by the host'),
    );
  if (warm !== undefined)
    return needs(
      'IP protocol 4 passes cold as well, which a quick run cannot prove: drover doctor --deep',
      lossEvidence(warm, 'passes, cold unproven'),
    );
  const known = ipip.hosts.some((_, from) => ipip.hosts.some((__, to) => ipip.cell(from, to) === '+'));
  return known
    ? pass({ fact: ipip.fact, text: 'IP protocol 4 passes cold' })
    : unmeasured('IP protocol 4 between all hosts: run drover doctor with probes');
};

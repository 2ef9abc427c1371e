import { observe } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const noProbeInterpreter = defineRule({
  code: 'no-probe-interpreter',
  title: 'A host has neither perl nor python3',
  severity: 'warning',
  reads: ['packages'],
  explain: `Drover installs nothing to measure paths between hosts: it uses perl, which belongs to the essential set of Debian and Ubuntu, or python3. Where
both are missing, no raw packets can be sent or captured, and the verdicts about that host stay unknown.`,
  check: (context) => {
    const seen = observe(context, 'packages', ({ programs }) =>
      Object.keys(programs).length === 0 || 'perl' in programs || 'python3' in programs
        ? undefined
        : { text: 'neither perl nor python3 is installed', at: 'programs' },
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'has')} neither perl nor python3, so these paths are not measured`,
      cause: 'The installation was reduced below what the distribution ships.',
      fix: manual('on the host: apt-get install perl-base, or dnf install python3'),
    }));
  },
});

import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const packagesBroken = defineRule({
  code: 'packages-broken',
  title: 'A package installation was interrupted',
  severity: 'error',
  reads: ['packages'],
  explain: `Packages are half installed; the package manager refuses everything else until this is repaired.`,
  check: (context) => {
    const seen = observe(context, 'packages', ({ broken, manager }) =>
      broken ? { text: `${manager} reports an interrupted installation`, at: 'broken' } : undefined,
    );
    return findingIf(seen, () => ({
      title: `The package manager is broken on ${where(seen)}`,
      cause: 'An installation was interrupted by a reboot, a full disk or a kill.',
      fix: manual('on the host: dpkg --configure -a && apt-get -f install'),
    }));
  },
});

import { observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const notRoot = defineRule({
  code: 'not-root',
  title: "Drover has no root's rights on a host",
  severity: 'error',
  reads: ['sudo'],
  explain: `Without root's rights Drover sees neither firewall rules nor who owns a port, cannot open raw sockets for probes, and could change
nothing. Set \`ssh.sudo: true\` (needs a NOPASSWD rule), or \`ssh.user: root\`.`,
  check: (context) => {
    const seen = observe(context, 'sudo', ({ root, user, uid }) =>
      root ? undefined : `logged in as ${user} (uid ${uid}), commands ran without root's rights`,
    );
    return findingIf(seen, () => ({
      title: `Drover works without root's rights on ${where(seen)}`,
      cause: 'The login user is not root and sudo is not used.',
      fix: manual('set spec.ssh.sudo: true in the spec, or log in as root: drover doctor root@ADDRESS'),
    }));
  },
});

import { duplicates, type Look, observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const duplicateSshHostKeys = defineRule({
  code: 'duplicate-ssh-host-keys',
  title: 'Hosts share SSH host keys',
  severity: 'warning',
  reads: ['identity'],
  explain: `Host keys copied with an image prove nothing: whoever owns one host can play all of them. Make new keys on each host, then pin them again with
\`drover trust\`.`,
  check: (context) => {
    const seen = observe(context, 'identity', ({ sshHostKeys }): Look[] =>
      sshHostKeys.map((key) => ({ text: `host key ${key}`, at: 'sshHostKeys', key })),
    );
    const shared = duplicates(seen).flatMap(([, group]) => group);
    return findingIf(shared, () => ({
      title: `${where(shared)} have the same SSH host keys`,
      cause: 'The hosts were cloned from one disk image that held host keys.',
      fix: manual(
        'on all but one: rm /etc/ssh/ssh_host_* && ssh-keygen -A && systemctl restart ssh; then drover trust',
      ),
    }));
  },
});

import { allHosts, members } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule, type RuleContext } from '../rule.js';

const SLOW_MS = 3000;

const connectTimes = (context: RuleContext): number[] =>
  allHosts(context)
    .flatMap(({ contact }) => (contact.state === 'reached' ? [contact.connectMs] : []))
    .sort((a, b) => a - b);

export const contactSlow = defineRule({
  code: 'contact-slow',
  title: 'sshd answers late',
  severity: 'warning',
  reads: ['contact'],
  explain: `The login took more than three seconds and three times as long as on the usual host. sshd most often waits for DNS: with \`UseDNS yes\`, or
through PAM, it asks for the name of the caller and waits until dead name servers time out. A starved host looks the same.`,
  source: 'man sshd_config(5): UseDNS',
  check: (context) => {
    const times = connectTimes(context);
    const usual = times[Math.floor((times.length - 1) / 2)] ?? 0;
    const seen = members(context).flatMap(({ name, contact }) =>
      contact.state === 'reached' && contact.connectMs > Math.max(SLOW_MS, 3 * usual)
        ? [
            {
              host: name,
              fact: `hosts.${name}.contact.connectMs`,
              text: `login took ${(contact.connectMs / 1000).toFixed(1)} s, usual here ${(usual / 1000).toFixed(1)} s`,
              key: '',
            },
          ]
        : [],
    );
    return findingIf(seen, () => ({
      title: `sshd answers late on ${where(seen)}`,
      cause:
        'sshd waits for something before it lets anybody in, most often for a name server that does not answer.',
      fix: manual(
        'on the host: echo "UseDNS no" > /etc/ssh/sshd_config.d/90-dns.conf && systemctl reload ssh; then check its resolvers',
      ),
    }));
  },
});

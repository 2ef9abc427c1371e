import { contactRule, firstAddress } from '../shapes/contact.js';

export const contactTimedOut = contactRule({
  code: 'contact-timed-out',
  title: 'A host does not answer in time',
  kinds: ['timed-out', 'mux-lost'],
  says: 'did not answer over SSH in time',
  cause:
    'A firewall drops the packets to sshd, the host hangs, or it is down behind a router that says nothing.',
  fix: (hosts) => `try by hand and see where it stops: ssh -v ${firstAddress(hosts)} true`,
  explain: `The connection was neither accepted nor refused. Silence is typical of a firewall that drops, of a host that is powered off,
and of a host so loaded that sshd cannot fork.

A console of the provider tells the three apart. If sshd answers late only, see \`contact-slow\`.`,
});

import { contactRule, firstAddress } from '../shapes/contact.js';

export const contactUnreachable = contactRule({
  code: 'contact-unreachable',
  title: 'A host cannot be reached',
  kinds: ['unreachable'],
  says: 'cannot be reached over the network',
  cause: 'The host is down, its address in the spec is wrong, or no route leads to it from here.',
  fix: (hosts) =>
    `check the power and address of the host, then the way there: ip route get ${firstAddress(hosts)}`,
  explain: `The system found no way to the host's address: no route, no answer to ARP, or a router said that it is unreachable.
Nothing is known about such a host, so no plan may include it.

Check in this order: is the machine running, is the address in the spec right, is a VPN or jump host needed (\`ssh.jump\`).`,
});

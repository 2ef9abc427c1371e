import { contactRule, firstAddress } from '../shapes/contact.js';

export const contactRefused = contactRule({
  code: 'contact-refused',
  title: 'A host refuses SSH connections',
  kinds: ['refused'],
  says: 'refused the SSH connection',
  cause: 'The host is up, but nothing listens on that port, or a firewall rejects it.',
  fix: (hosts) =>
    `on the console of the host: systemctl start ssh; or set ssh.port in the spec (now: ssh ${firstAddress(hosts)})`,
  explain: `The host answered that the port is closed. Either sshd does not run, it listens on another port (\`ssh.port\`) or address, or a
firewall answers with a rejection.`,
});

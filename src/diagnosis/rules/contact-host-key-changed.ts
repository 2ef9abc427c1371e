import { contactRule, firstAddress } from '../shapes/contact.js';

export const contactHostKeyChanged = contactRule({
  code: 'contact-host-key-changed',
  title: "A host's SSH key is not the one that is known",
  kinds: ['host-key-changed'],
  says: 'showed another SSH host key than the known one',
  cause: 'The host was installed anew, another machine has its address, or somebody stands between.',
  fix: (hosts) =>
    `compare the fingerprint with the console of the host; if it is right: ssh-keygen -R ${firstAddress(hosts)} && drover trust ${hosts[0]?.name ?? ''}`,
  explain: `Drover never switches host key checking off. A changed key means a new installation, two machines with one address, or an attack.

Read the fingerprint on the machine's own console (\`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`) before you trust it.`,
});

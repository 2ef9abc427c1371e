import { contactRule } from '../shapes/contact.js';

export const contactHostKeyUnknown = contactRule({
  code: 'contact-host-key-unknown',
  title: "A host's SSH key is not known yet",
  kinds: ['host-key-unknown'],
  says: 'showed an SSH host key that nobody has confirmed yet',
  cause: 'This machine has never connected to the host, so nothing proves that it is the right one.',
  fix: (hosts) =>
    `see all fingerprints once and pin them: drover trust ${hosts
      .map((host) => host.name)
      .slice(0, 3)
      .join(' ')}`,
  explain: `On first contact somebody must compare the fingerprint, otherwise any machine with that address would be believed.
\`drover trust\` shows all fingerprints in one table and pins them in the realm's own known_hosts.`,
});

import { contactRule } from '../shapes/contact.js';

export const contactSudoRefused = contactRule({
  code: 'contact-sudo-refused',
  title: 'A host refuses sudo without a password',
  kinds: ['sudo-refused'],
  says: 'refused `sudo -n`',
  cause: 'The login works, but the user may not become root without a password.',
  fix: () =>
    'on the host, as root: echo "USER ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/90-drover && chmod 440 /etc/sudoers.d/90-drover',
  explain: `Drover runs unattended, so it calls \`sudo -n\`, which fails instead of asking. Give the user a rule with \`NOPASSWD\`, log in as root,
or set \`ssh.sudo: false\` when the user is root already.`,
});

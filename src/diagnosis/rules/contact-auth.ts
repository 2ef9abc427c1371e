import { contactRule, firstAddress } from '../shapes/contact.js';

export const contactAuth = contactRule({
  code: 'contact-auth',
  title: 'A host refuses the login',
  kinds: ['auth'],
  says: 'refused the login',
  cause: 'sshd accepts none of the offered keys for this user.',
  fix: (hosts) =>
    `install your key: ssh-copy-id ${firstAddress(hosts)}; or name the right user and key with ssh.user and ssh.identityFile`,
  explain: `sshd was reached and its host key is trusted, but authentication failed. Usual causes: the wrong user (\`root\` is often forbidden),
an agent without the key, too many keys offered before the right one (\`ssh.identityFile\` narrows it down), or wrong modes of
\`~/.ssh/authorized_keys\` on the host.`,
});

import { contactRule, firstAddress } from '../shapes/contact.js';

export const contactFailed = contactRule({
  code: 'contact-failed',
  title: 'The conversation with a host broke off',
  kinds: ['cancelled', 'output-limit', 'protocol', 'no-client'],
  says: 'could not be examined',
  cause: 'The connection came up, but what came back was not what Drover sent for.',
  fix: (hosts) => `see what the login prints by itself: ssh ${firstAddress(hosts)} true`,
  explain: `The host was reached, but the exchange did not finish: it was cancelled, printed too much, or the shell's start files print text
or start another program before Drover's script can run. A silent, non-interactive login shell cures the latter.`,
});

import { defineErrors } from '../core/error.js';

/** Failures of the secret store, by code. */
export const secretErrors = defineErrors({
  'secret-missing': {
    title: 'A secret does not exist',
    exit: 'auth',
    explain:
      'The encrypted store holds no secret of this name. Secrets that Drover makes itself appear at the first apply.',
  },
  'secret-unreadable': {
    title: 'A secret cannot be opened',
    exit: 'auth',
    explain:
      'The store is encrypted with age for the recipients of the spec; this identity is none of them, or its file is damaged. Put the identity back from its backup, or let somebody who can read the store add your public key to `spec.secrets.recipients`.',
  },
  'secret-store-failed': {
    title: 'The store of secrets cannot be read or written',
    exit: 'auth',
    explain:
      'The file is damaged or not accessible. It is never taken for an empty store: put it back from version control or a backup.',
  },
});

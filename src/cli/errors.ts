import { defineErrors } from '../core/error.js';

/** What can be wrong with a command line itself. */
export const cliErrors = defineErrors({
  'bad-usage': {
    title: 'The command line is not understood',
    exit: 'usage',
    explain: `A command, flag or argument is unknown, missing or has a value that is not allowed.
Nothing was done. \`drover COMMAND --help\` shows what the command takes; \`drover help\` lists all commands.`,
  },
  'limit-unknown': {
    title: 'A limit names no host of the spec',
    exit: 'usage',
    explain:
      '`--limit` takes names of hosts of the spec and the roles `server` and `agent`, repeated or with commas.',
  },
  'balancer-unknown': {
    title: 'No such load balancer can be configured',
    exit: 'usage',
    explain: `\`drover balancer\` prints the configuration of HAProxy for a load balancer of the spec with \`provider: haproxy\`. Others are
checked by \`drover verify\` alone: what they are made of is configured by its provider.`,
  },
  'vault-unknown': {
    title: 'The spec has no Vault server',
    exit: 'usage',
    explain: `\`drover vault setup\` prints what a Vault server must be told about the cluster: where the spec has \`vault\`, with its address.
Without it no application gets anything from Vault.`,
  },
  'bad-environment': {
    title: 'An environment variable has a value that its flag does not allow',
    exit: 'usage',
    explain: `Each flag can be set by an environment variable (\`DROVER_…\`, named in the help of the flag). Values follow the
flag's rules; switches take \`1\` or \`true\`, \`0\` or \`false\`. A flag on the command line wins over its variable.`,
  },
  'unknown-code': {
    title: 'No error or finding has this code',
    exit: 'usage',
    explain: `\`drover explain\` without a code lists all of them.`,
  },
  'lab-realm-mismatch': {
    title: 'The process is not inside the lab that DROVER_REALM names',
    exit: 'usage',
    explain: `\`DROVER_REALM\` is set by Drover itself when it runs inside a lab's network namespace. Setting it by hand would let
a command meant for a lab reach real machines, so Drover compares its own network namespace with the lab's and refuses when
they differ. Unset the variable and use \`--lab\`.`,
  },
  'no-lab-entry': {
    title: 'The lab cannot be entered',
    exit: 'failure',
    explain: `A lab lives in a network namespace of its own. Entering it takes root, or \`sudo\` without a password; Drover then runs as
the invoking user again. Run the command as root, or allow \`sudo -n\`.`,
  },
  'cannot-open-log': {
    title: 'The log file cannot be written',
    exit: 'usage',
    explain: `The file given by \`--log-file\` (or \`DROVER_LOG_FILE\`) cannot be opened for appending. Nothing was done.`,
  },
  interrupted: {
    title: 'The command was interrupted',
    exit: 'interrupted',
    explain: `SIGINT (Ctrl-C) or SIGTERM arrived. The first one stops gracefully: what is running is ended and cleaned up. A second one
ends Drover at once.`,
  },
});

import { type DroverError, defineErrors } from '../core/error.js';
import type { TransportFailure, TransportFailureKind } from '../core/ports/transport.js';
import { printable } from '../core/text.js';

export const transportErrors = defineErrors({
  'ssh-unreachable': {
    title: 'The host does not answer',
    exit: 'ssh',
    explain:
      'No TCP connection to the ssh port came about: the name does not resolve, there is no route, the host is down, or a firewall drops the packets without an answer.\n\nCheck the address and port in the spec, that the host is running, and that a firewall between here and there lets TCP to its ssh port pass. `ssh -v HOST` shows how far it gets.',
  },
  'ssh-refused': {
    title: 'The host refuses the connection',
    exit: 'ssh',
    explain:
      'The machine answers, but nothing accepts ssh connections there, or sshd drops them before the login. sshd may not be running, may listen on another port, or a guard such as fail2ban may have banned this address; sshd also drops connections when too many are logging in at once (`MaxStartups`).\n\nOn the host: `systemctl status ssh`, `ss -ltn`, `fail2ban-client status sshd`.',
  },
  'ssh-auth': {
    title: 'The host refuses the login',
    exit: 'auth',
    explain:
      'None of the keys that ssh offered was accepted for this user. Drover never types passwords: it needs a key in the agent, in the ssh configuration, or named in the spec (`identityFile`).\n\nCheck the user and the key: `ssh -v USER@HOST true`. Put the key there with `ssh-copy-id`. A key with a passphrase must be in the agent (`ssh-add`).',
  },
  'ssh-host-key-changed': {
    title: 'The host shows another key than before',
    exit: 'auth',
    explain:
      "The host's key differs from the one that was pinned or recorded. Either the machine was installed anew, or the address now belongs to another machine, or somebody sits in between. Drover never goes on in this case.\n\nCompare the fingerprint on the machine's own console (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`). When the change is right: `drover trust --replace HOST`.",
  },
  'ssh-host-key-unknown': {
    title: "The host's key is not known yet",
    exit: 'auth',
    explain:
      'Drover connects only to hosts whose keys are on record. `drover trust` reads the keys of all hosts, shows their fingerprints once, and pins them after your consent. Fingerprints in the spec, or entries of your own known_hosts, serve as well.',
  },
  'ssh-sudo-refused': {
    title: 'sudo refuses to run without a password',
    exit: 'auth',
    explain:
      'The login works, but `sudo -n` is not allowed for this user. Drover never types passwords.\n\nGive the user a rule such as `deploy ALL=(ALL) NOPASSWD: ALL` in `/etc/sudoers.d/drover` (check it with `visudo -c`), or log in as root.',
  },
  'ssh-timed-out': {
    title: 'The host was too slow',
    exit: 'ssh',
    explain:
      'The connection stands, but sshd did not greet, did not finish the login, or a command did not end within its time. A host that swaps or whose disk hangs behaves so; a slow greeting often means that sshd looks up names with a dead resolver (`UseDNS`), a slow login that PAM or a directory service hangs.',
  },
  'ssh-cancelled': {
    title: 'The command was cancelled',
    exit: 'interrupted',
    explain:
      'You, or a failure elsewhere, ended the work on this host before it was done. The remote process was told to end.',
  },
  'ssh-connection-lost': {
    title: 'The connection broke off',
    exit: 'ssh',
    explain:
      'The shared connection ended while a command ran, or before it could begin and a second attempt failed too. The message says whether the command had begun. Causes: the host rebooted, the network broke, sshd was restarted with its sessions, or sshd allows too few sessions per connection (`MaxSessions` below 4).',
  },
  'ssh-output-limit': {
    title: 'A command printed too much',
    exit: 'ssh',
    explain:
      'A command on the host printed more than its limit and was stopped, so that neither memory nor files here overflow. This is unusual: please report it with the name of the command.',
  },
  'ssh-protocol': {
    title: 'ssh works, the command does not come through',
    exit: 'ssh',
    explain:
      'ssh and the host could not agree, or the host did not run the command as asked: a login shell that is not a shell (`nologin`), a forced command in `authorized_keys`, a fault in the ssh configuration here, or algorithms too old for this ssh. The message holds what was said.\n\nTry `ssh HOST "sh -c true"`; it must end silently with status 0.',
  },
  'ssh-no-client': {
    title: 'There is no ssh program here',
    exit: 'ssh',
    explain:
      'Drover uses the OpenSSH client of this machine. Install it: `apt-get install openssh-client` or `dnf install openssh-clients`.',
  },
});

export type TransportErrorCode = keyof typeof transportErrors;

const CODES = {
  unreachable: 'ssh-unreachable',
  refused: 'ssh-refused',
  auth: 'ssh-auth',
  'host-key-changed': 'ssh-host-key-changed',
  'host-key-unknown': 'ssh-host-key-unknown',
  'sudo-refused': 'ssh-sudo-refused',
  'timed-out': 'ssh-timed-out',
  cancelled: 'ssh-cancelled',
  'mux-lost': 'ssh-connection-lost',
  'output-limit': 'ssh-output-limit',
  protocol: 'ssh-protocol',
  'no-client': 'ssh-no-client',
} as const satisfies Readonly<Record<TransportFailureKind, TransportErrorCode>>;

/** Kinds come back as text from saved facts. */
export const isFailureKind = (kind: string): kind is TransportFailureKind => Object.hasOwn(CODES, kind);

const HINTS: Readonly<Record<TransportFailureKind, (host: string) => string>> = {
  unreachable: () => 'check address, port and firewall; `ssh -v` shows how far it gets',
  refused: () =>
    'check on the host that sshd runs and on which port, and that it has not banned this address',
  auth: (host) => `check user and key: ssh -v ${host} true`,
  'host-key-changed': (host) => `if the machine was installed anew: drover trust --replace ${host}`,
  'host-key-unknown': (host) => `drover trust ${host}`,
  'sudo-refused': () => 'give the user a NOPASSWD rule in /etc/sudoers.d, or log in as root',
  'timed-out': () => 'look at load, disk and resolvers of the host, then try again',
  cancelled: () => 'run the same command again',
  'mux-lost': () => 'check that the host is up, then run the same command again',
  'output-limit': () => 'report this with the name of the command',
  protocol: (host) => `this must end silently: ssh ${host} "sh -c true"`,
  'no-client': () => 'install the OpenSSH client: apt-get install openssh-client',
};

/** Turns a failure of the transport into the error that a user reads. */
export const transportError = (failed: TransportFailure): DroverError => ({
  code: CODES[failed.kind],
  message: transportErrors[CODES[failed.kind]].title,
  host: failed.host,
  cause: printable(failed.detail),
  state: failed.notStarted
    ? 'nothing was started on the host'
    : 'the command had begun; its end was not seen',
  hint: HINTS[failed.kind](failed.host),
});

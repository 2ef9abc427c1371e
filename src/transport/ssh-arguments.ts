import type { HostTarget } from '../core/ports/transport.js';
import type { RealmPaths } from '../core/realm.js';

const option = (name: string, value: string | number): readonly string[] => ['-o', `${name}=${value}`];
const quoted = (path: string): string => `"${path.replaceAll('"', '\\"')}"`;

/** Which host keys are accepted. Checking is never switched off, whatever the user's configuration says. */
export interface HostKeyPolicy {
  /** Script and file of pinned fingerprints (see known-hosts.ts). */
  readonly pins?: { readonly script: string; readonly file: string };
  /** The realm's known_hosts; only handed over when it exists. */
  readonly knownHosts?: string;
}

const hostKeyOptions = (policy: HostKeyPolicy, paths: RealmPaths): readonly string[] => {
  const strict = [...option('StrictHostKeyChecking', 'yes'), ...option('UpdateHostKeys', 'no')];
  const nowhereElse = option('GlobalKnownHostsFile', '/dev/null');
  if (policy.pins !== undefined) {
    const command = `/bin/sh ${quoted(policy.pins.script)} ${quoted(policy.pins.file)} %f %H %t %K`;
    return [
      ...strict,
      ...nowhereElse,
      ...option('UserKnownHostsFile', '/dev/null'),
      ...option('KnownHostsCommand', command),
    ];
  }
  if (policy.knownHosts === undefined) return strict;
  if (paths.sshConfig !== undefined)
    return [...strict, ...nowhereElse, ...option('UserKnownHostsFile', quoted(policy.knownHosts))];
  // In addition to the files of the user's own configuration, wherever those are.
  return [...strict, ...option('KnownHostsCommand', `/bin/cat ${quoted(policy.knownHosts)}`)];
};

/**
 * What ssh looks up in its configuration: the host's name, where it can be one. A bare address or alias stays what
 * the user wrote, so that a `HostName` of the configuration counts.
 */
const destination = ({ name, address }: HostTarget): string =>
  /^[A-Za-z0-9._-]+$/.test(name) ? name : address;

export interface MasterOptions {
  readonly paths: RealmPaths;
  readonly policy: HostKeyPolicy;
  readonly socket: string;
  readonly connectTimeoutMs: number;
}

/** argv of the process that owns the connection to a host. Forwardings and commands of the user's file stay out. */
export const masterArguments = (target: HostTarget, options: MasterOptions): readonly string[] => [
  ...(options.paths.sshConfig === undefined ? [] : ['-F', options.paths.sshConfig]),
  '-M',
  '-T',
  ...option('ControlPath', quoted(options.socket)),
  ...option('ControlPersist', 'no'),
  ...option('BatchMode', 'yes'),
  ...option('LogLevel', 'ERROR'),
  ...option('ConnectTimeout', Math.max(1, Math.ceil(options.connectTimeoutMs / 1000))),
  ...option('ServerAliveInterval', 10),
  ...option('ServerAliveCountMax', 3),
  ...option('ClearAllForwardings', 'yes'),
  ...option('ForwardAgent', 'no'),
  ...option('ForwardX11', 'no'),
  ...option('PermitLocalCommand', 'no'),
  ...option('RemoteCommand', 'none'),
  ...option('RequestTTY', 'no'),
  ...hostKeyOptions(options.policy, options.paths),
  ...(destination(target) === target.address ? [] : option('HostName', target.address)),
  ...(target.user === undefined ? [] : ['-l', target.user]),
  ...(target.port === undefined ? [] : ['-p', String(target.port)]),
  ...(target.identityFile === undefined
    ? []
    : ['-i', target.identityFile, ...option('IdentitiesOnly', 'yes')]),
  ...(target.jump === undefined ? [] : ['-J', target.jump]),
  '--',
  destination(target),
];

/**
 * argv of a process that borrows the connection. Without configuration and with a proxy that cannot work, a lost
 * master is an immediate failure and never a second, unwatched connection.
 */
export const clientArguments = (target: HostTarget, socket: string): readonly string[] => [
  '-F',
  'none',
  '-T',
  ...option('ControlPath', quoted(socket)),
  ...option('ControlMaster', 'no'),
  ...option('ProxyCommand', 'false'),
  ...option('BatchMode', 'yes'),
  ...option('LogLevel', 'ERROR'),
  '--',
  destination(target),
];

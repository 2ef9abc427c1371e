import type { LabPaths } from '../paths.js';
import type { LabPlan } from '../state/schema.js';

type Host = LabPlan['hosts'][number];

/** ssh's quoting for file names in its configuration. */
const quoted = (path: string): string => `"${path.replaceAll('"', '\\"')}"`;

const hostBlock = (host: Host): string =>
  [
    `Host ${host.name} ${host.address}`,
    `  HostName ${host.address}`,
    `  Port ${host.port}`,
    // Whichever way ssh was given the host, its key is looked up under one name.
    `  HostKeyAlias ${host.name}`,
    `  User ${host.user}`,
  ].join('\n');

/** The lab's own ssh configuration: nothing of the user's is read or written. */
export const sshConfig = (plan: Pick<LabPlan, 'name' | 'hosts'>, paths: LabPaths): string =>
  [
    `# ssh configuration of the lab ${plan.name}; made by \`drover lab up\``,
    ...plan.hosts.map(hostBlock),
    'Host *',
    `  IdentityFile ${quoted(paths.sshKey)}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${quoted(paths.knownHosts)}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    '  PasswordAuthentication no',
    '  ForwardAgent no',
    '  LogLevel ERROR',
    '',
  ].join('\n');

/** Known keys, under the host's name and its address (with and without a port of its own). */
export const knownHosts = (hosts: readonly Host[], keys: ReadonlyMap<string, string>): string =>
  hosts
    .map((host) => {
      const names = [host.name, host.address];
      const ported = host.port === 22 ? [] : names.map((name) => `[${name}]:${host.port}`);
      return `${[...names, ...ported].join(',')} ${keys.get(host.name) ?? ''}\n`;
    })
    .join('');

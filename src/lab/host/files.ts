import { createHash } from 'node:crypto';
import { parseCidr } from '../../core/cidr.js';
import { HOST_INTERFACE } from '../names.js';
import { ROUTED_MTU } from '../network/routed.js';
import type { LabPlan } from '../state/schema.js';

type Host = LabPlan['hosts'][number];

/** A file of one host, path relative to its root. */
export interface HostFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  readonly owner?: number;
}

const file = (path: string, content: string, mode = 0o644): HostFile => ({ path, content, mode });

const networkUnit = (plan: LabPlan, host: Host): string => {
  const routed = plan.network === 'routed';
  const prefix = routed ? 32 : (parseCidr(plan.nodes)?.prefix ?? 24);
  const route = (destination: string): string =>
    `[Route]\nDestination=${destination}\nGateway=${plan.gateway}\nGatewayOnLink=yes\n`;
  return [
    `[Match]\nName=${HOST_INTERFACE}\n`,
    ...(routed ? [`[Link]\nMTUBytes=${ROUTED_MTU}\n`] : []),
    `[Network]\nAddress=${host.address}/${prefix}\nLinkLocalAddressing=no\nIPv6AcceptRA=no\nLLDP=no\n`,
    ...(routed ? [route(plan.providerRange)] : []),
    routed ? route('0.0.0.0/0') : `[Route]\nGateway=${plan.gateway}\n`,
  ].join('\n');
};

const hostsFile = (host: Host): string =>
  `127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n${host.address} ${host.name}\n`;

/** Unique because the key is; stable over power cuts. */
const machineId = (hostKey: string): string =>
  createHash('sha256').update(hostKey).digest('hex').slice(0, 32);

const LOGIN_ID = 1000;

/** The user that the spec logs in as, when it is not root: sudo without password, as cloud images have it. */
const loginFiles = (user: string, shared: AccountFiles): readonly HostFile[] => [
  file('etc/passwd', `${shared.passwd}${user}:x:${LOGIN_ID}:${LOGIN_ID}::/home/${user}:/bin/bash\n`),
  file('etc/group', `${shared.group}${user}:x:${LOGIN_ID}:\n`),
  file('etc/shadow', `${shared.shadow}${user}:*:19700:0:99999:7:::\n`, 0o640),
  file(`etc/sudoers.d/90-${user}`, `${user} ALL=(ALL) NOPASSWD:ALL\n`, 0o440),
];

/** The account files of the shared root file system. */
export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
  readonly shadow: string;
}

export interface HostIdentity {
  readonly hostKeyPublic: string;
  readonly hostKeyPrivate: string;
  /** Public key that may log in. */
  readonly authorizedKey: string;
}

/** Everything that makes one host differ from the others: the first content of its overlay. Pure. */
export const hostFiles = (
  plan: LabPlan,
  host: Host,
  given: { readonly identity: HostIdentity; readonly accounts: AccountFiles },
): readonly HostFile[] => {
  const { identity, accounts } = given;
  const authorized = `${identity.authorizedKey}\n`;
  return [
    file('etc/hostname', `${host.name}\n`),
    file('etc/hosts', hostsFile(host)),
    file('etc/machine-id', `${machineId(identity.hostKeyPublic)}\n`, 0o444),
    file('etc/resolv.conf', plan.resolvers.map((address) => `nameserver ${address}\n`).join('')),
    file('etc/systemd/network/10-host0.network', networkUnit(plan, host)),
    file('etc/ssh/ssh_host_ed25519_key', identity.hostKeyPrivate, 0o600),
    file('etc/ssh/ssh_host_ed25519_key.pub', `${identity.hostKeyPublic}\n`),
    ...(host.port === 22 ? [] : [file('etc/ssh/sshd_config.d/20-port.conf', `Port ${host.port}\n`)]),
    file('root/.ssh/authorized_keys', authorized, 0o600),
    ...(host.user === 'root'
      ? []
      : [
          ...loginFiles(host.user, accounts),
          { ...file(`home/${host.user}/.ssh/authorized_keys`, authorized, 0o600), owner: LOGIN_ID },
        ]),
  ];
};

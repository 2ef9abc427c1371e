import { readFileSync } from 'node:fs';
import { shellQuote } from '../../core/shell.js';
import type { CommandOutput } from '../effects.js';
import type { StepFailure } from '../failure.js';
import { lastWords } from '../outcome.js';
import { killallScript } from './scripts.js';
import { AGENT_TOKEN_FILE, SERVER_TOKEN_FILE } from './settings.js';
import { type K3sRole, unitOf } from './unit.js';

const piece = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Kernel settings that K3s and its parts make while they run. */
const MADE_BY_K3S = [
  'vm.overcommit_memory',
  'vm.panic_on_oom',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
  'kernel.keys.root_maxbytes',
  'net.ipv4.ip_forward',
  'net.ipv4.conf.all.route_localnet',
  'net.ipv6.conf.all.forwarding',
  'net.bridge.bridge-nf-call-iptables',
  'net.bridge.bridge-nf-call-ip6tables',
  'net.netfilter.nf_conntrack_max',
  'net.netfilter.nf_conntrack_tcp_timeout_established',
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait',
] as const;

/** Holds what the running service was started with; written by start.sh once it is ready. */
export const STARTED = '/var/lib/rancher/k3s/drover-started';

/** One service on one host, as it shall run. */
export type Service = {
  readonly role: K3sRole;
  readonly node: string;
  /** Digest over binary and configuration: a service started with others is restarted. */
  readonly stamp: string;
};

const tokenFile = (role: K3sRole): string => (role === 'server' ? SERVER_TOKEN_FILE : AGENT_TOKEN_FILE);

/** K3s' words when the cluster does not know the token of a host. */
const TOKEN_REFUSED =
  /token CA hash does not match|401 Unauthorized|not authorized|invalid token|bootstrap data already found/i;

/** What the end of the start script says when the service is not what it shall be. */
export const failureOfStart = (role: K3sRole, host: string, output: CommandOutput): StepFailure => {
  const cause = lastWords(output);
  if (output.status === 21 && TOKEN_REFUSED.test(cause))
    return {
      class: 'permanent',
      code: 'k3s-token-refused',
      host,
      message: `${host}: the cluster does not accept the token of this host`,
      cause,
      hint: `no other token may stand in /etc/rancher/k3s, and ${tokenFile(role)} must be as on the other hosts`,
    };
  if (output.status === 20)
    return {
      class: 'permanent',
      code: 'k3s-not-ready',
      host,
      message: `${host}: K3s runs but is not ready in time`,
      cause,
    };
  return {
    class: 'permanent',
    code: 'k3s-start-failed',
    host,
    message: `${host}: K3s does not start`,
    cause,
  };
};

/** The text that starts a service, or restarts one that runs with other settings, and waits at most `limit` seconds until it is ready; saves what it may change. */
export const startScript = (params: Service, limit: number): string =>
  [
    `UNIT=${unitOf(params.role)}`,
    `NODE=${shellQuote(params.node)}`,
    `LIMIT=${limit}`,
    `STAMP=${params.stamp}`,
    ...MADE_BY_K3S.map((key) => `save_sysctl ${key}`),
    `save_file ${STARTED} || exit 73`,
    `KILLALL=${shellQuote(killallScript())}`,
    `LEAVE=${shellQuote(piece('leave.sh'))}`,
    piece('save-leave.sh'),
    piece('start.sh'),
  ].join('\n');

import { readFileSync } from 'node:fs';
import { sha256 } from '../../core/canonical.js';
import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { CommandOutput } from '../effects.js';
import type { StepFailure } from '../failure.js';
import { lastWords } from '../outcome.js';
import { defineStep } from '../step.js';
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
const STARTED = '/var/lib/rancher/k3s/drover-started';

type Params = {
  readonly role: K3sRole;
  readonly node: string;
  /** Digest over binary and configuration: a service started with others is restarted. */
  readonly stamp: string;
};

type State = { readonly active: boolean; readonly enabled: boolean; readonly stamp: string | null };

const tokenFile = (role: K3sRole): string => (role === 'server' ? SERVER_TOKEN_FILE : AGENT_TOKEN_FILE);

/** K3s' words when the cluster does not know the token of a host. */
const TOKEN_REFUSED =
  /token CA hash does not match|401 Unauthorized|not authorized|invalid token|bootstrap data already found/i;

const failureOf = (role: K3sRole, host: string, output: CommandOutput): StepFailure => {
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

const startScript = (params: Params, verb: 'start' | 'restart', limit: number): string =>
  [
    `UNIT=${unitOf(params.role)}`,
    `NODE=${shellQuote(params.node)}`,
    `VERB=${verb}`,
    `LIMIT=${limit}`,
    `STAMP=${params.stamp}`,
    ...MADE_BY_K3S.map((key) => `save_sysctl ${key}`),
    `save_file ${STARTED} || exit 73`,
    `KILLALL=${shellQuote(killallScript())}`,
    `LEAVE=${shellQuote(piece('leave.sh'))}`,
    piece('save-leave.sh'),
    piece('start.sh'),
  ].join('\n');

const done = (
  role: K3sRole,
  host: string,
  outcome: Result<CommandOutput, StepFailure>,
): Result<Record<string, never>, StepFailure> =>
  !outcome.ok ? outcome : outcome.value.status === 0 ? ok({}) : err(failureOf(role, host, outcome.value));

const service = (role: K3sRole) =>
  defineStep<Params, State>({
    id: `k3s.${role}`,
    title: () =>
      role === 'server'
        ? 'Start the K3s server and wait until etcd counts it as a voter'
        : 'Start the K3s agent and wait until its node is known',
    scope: 'host',
    reads: ['units', 'files'],
    risk: role === 'server' ? 'medium' : 'low',
    replay: 'converges',
    undo: { kind: 'restorePoint' },
    expected: { seconds: role === 'server' ? 15 : 6 },
    timeoutMs: 330_000,
    retry: 'transient',
    disruptive: role === 'server',
    observe: (world, subject) => {
      const sections = world.hosts.get(subject.host ?? '')?.sections;
      const units = sections?.units?.value;
      const files = sections?.files?.value;
      if (units === undefined || files === undefined) return undefined;
      const unit = units[unitOf(role)];
      return {
        active: unit?.active === 'active',
        enabled: unit?.enabled === 'enabled',
        stamp: files[STARTED]?.digest ?? null,
      };
    },
    diff: (state, params) => {
      const what = `${unitOf(role)}.service`;
      if (state === undefined) return [{ kind: 'unknown', what }];
      if (!state.active || !state.enabled) return [{ kind: 'run', what, after: 'enabled and started' }];
      return state.stamp === sha256(`${params.stamp}\n`)
        ? []
        : [{ kind: 'run', what, after: 'restarted with the new configuration' }];
    },
    apply: async (context, params, state) => {
      const name = context.subject.host ?? '';
      const host = context.on(name);
      const kept = await host.keepUnit(`${unitOf(role)}.service`);
      if (!kept.ok) return kept;
      context.progress('waiting until the node is ready');
      return done(
        role,
        name,
        await host.change(startScript(params, state?.active === true ? 'restart' : 'start', 300), {
          title: 'start K3s',
          timeoutMs: 330_000,
        }),
      );
    },
    verify: async (context) => {
      const name = context.subject.host ?? '';
      const seen = await context
        .read(name)
        .read(`systemctl is-active ${unitOf(role)} && systemctl is-enabled ${unitOf(role)}`);
      if (!seen.ok) return seen;
      if (seen.value.status === 0) return ok({ text: `${unitOf(role)} is active and enabled` });
      return err({
        class: 'permanent',
        code: 'k3s-start-failed',
        host: name,
        message: `${name}: ${unitOf(role)} is ${seen.value.stdout.trim().replace('\n', ', ')}`,
      });
    },
  });

/** A server: started alone, gated by /readyz and by its etcd member being a voter. */
export const k3sServer = service('server');

/** An agent: gated by its node being known to the API. */
export const k3sAgent = service('agent');

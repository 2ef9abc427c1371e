import { err, ok } from '../../core/result.js';
import type { CollectorValue } from '../../facts/model/host-facts.js';
import type { Change } from '../change.js';
import { inOrder, mustSucceed, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';
import { installScript } from './apt.js';
import { ruleTexts } from './ufw-rule-text.js';
import {
  type FirewallRule,
  familyOfTuple,
  isOwnTuple,
  rulesText,
  type UfwRule,
  ufwRules,
} from './ufw-rules.js';
import { applyScript, checkScript, keepScript, SPLIT } from './ufw-script.js';

type Params = {
  readonly rules: readonly FirewallRule[];
  /** Seconds after which the host puts everything back unless Drover could log in anew. */
  readonly deadManSeconds: number;
};
type State = {
  readonly installed: boolean;
  readonly active: boolean;
  /** Started at boot. */
  readonly enabled: boolean;
  readonly denies: boolean;
  /** All rules of ufw, in their order, IPv4 first. */
  readonly tuples: readonly string[];
  /** Other packet filters that judge inbound packets. */
  readonly others: readonly string[];
  /** Port by which this very session came in. */
  readonly sshPort: number;
};

const othersOf = ({ ufw, firewalld, chains }: CollectorValue<'firewall'>): string[] => [
  ...(firewalld.active ? [`firewalld (zones: ${firewalld.zones.join(', ') || 'default'})`] : []),
  ...chains
    .filter(({ hook, policy }) => hook?.toLowerCase() === 'input' && policy?.toLowerCase() === 'drop')
    .filter(({ family }) => family !== 'bridge' && family !== 'arp')
    .filter(
      ({ family, table, chain }) =>
        !(ufw.active && /^ip6?$/.test(family) && table === 'filter' && chain === 'INPUT'),
    )
    .map(({ backend, family, table, chain }) => `${backend} ${family} ${table} ${chain}, policy drop`),
];

/** SSH stands first: it must work before anything else does. */
const rulesOf = (params: Params, sshPort: number): readonly UfwRule[] =>
  ufwRules([
    { direction: 'in', protocol: 'tcp', ports: [`${sshPort}`], from: 'any', to: 'any', reason: 'SSH' },
    ...params.rules,
  ]);

/** Drover's rules stand before all others, so that no earlier one shuts a node out. */
const ruleChanges = (state: State, params: Params): Change[] => {
  const wanted = rulesOf(params, state.sshPort).map(({ tuple }) => tuple);
  const own = state.tuples.filter(isOwnTuple);
  const missing = wanted.filter((tuple) => !own.includes(tuple));
  const surplus = own.filter((tuple) => !wanted.includes(tuple));
  const changes = [
    ...ruleTexts(missing).map((text): Change => ({ kind: 'add', what: 'ufw', after: text })),
    ...ruleTexts(surplus).map((text): Change => ({ kind: 'remove', what: 'ufw', before: text })),
  ];
  const first = [4, 6].every((family) => {
    const of = (tuples: readonly string[]) => tuples.filter((tuple) => familyOfTuple(tuple) === family);
    const head = of(wanted);
    return of(state.tuples).slice(0, head.length).join('\n') === head.join('\n');
  });
  return changes.length > 0 || first
    ? changes
    : [{ kind: 'change', what: 'ufw', before: 'other rules first', after: 'SSH and nodes first' }];
};

const diffOf = (state: State, params: Params): Change[] => {
  const others = state.others.map((other): Change => ({ kind: 'warn', what: `another firewall: ${other}` }));
  const switches: Change[] = [
    ...(state.installed ? [] : [{ kind: 'add', what: 'package ufw' } as const]),
    ...(state.denies
      ? []
      : [{ kind: 'change', what: 'ufw', before: 'allows by default', after: 'denies by default' } as const]),
    ...(state.active && state.enabled
      ? []
      : [{ kind: 'change', what: 'ufw', before: 'off', after: 'on, now and at boot' } as const]),
  ];
  return [...others, ...ruleChanges(state, params), ...switches];
};

/** ufw lets in what the cluster needs and nothing else; other people's rules for ufw stay, behind Drover's. */
export const hostFirewall = defineStep<Params, State>({
  id: 'host.firewall',
  title: () => 'Filter inbound packets with ufw',
  scope: 'host',
  reads: ['firewall', 'sudo'],
  risk: 'medium',
  replay: 'converges',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 4 },
  timeoutMs: 600_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject) => {
    const sections = world.hosts.get(subject.host ?? '')?.sections;
    const firewall = sections?.firewall?.value;
    const sshPort = sections?.sudo?.value?.sshPort;
    if (firewall === undefined || sshPort === undefined) return undefined;
    const { ufw } = firewall;
    return {
      installed: ufw.installed,
      active: ufw.active,
      enabled: ufw.enabled === true,
      denies: ['drop', 'reject', 'deny'].includes(ufw.defaultInput ?? 'drop'),
      tuples: ufw.rules,
      others: othersOf(firewall),
      sshPort,
    };
  },
  diff: (state, params) => (state === undefined ? [{ kind: 'unknown', what: 'ufw' }] : diffOf(state, params)),
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    const host = context.on(name);
    if (state === undefined)
      return notHeld(name, 'the port of this SSH session is not known, so its rule cannot be written');
    if (state.others.length > 0)
      return err({
        class: 'person',
        code: 'firewall-other',
        host: name,
        message: `${name}: ${state.others.join(' and ')} filters inbound packets already`,
        hint: 'switch it off, or set spec.preparation.firewall.kind: keep',
      });
    const rules = rulesOf(params, state.sshPort);
    const data = `${rulesText(rules, 4)}${SPLIT}\n${rulesText(rules, 6)}`;
    const { deadManSeconds } = params;
    const done = await inOrder([
      async () =>
        state.installed ? ok(0) : mustSucceed(name, 'install ufw', await host.change(installScript(['ufw']))),
      async () =>
        mustSucceed(name, 'load the rules of ufw', await host.change(applyScript, { data, deadManSeconds })),
      () => host.confirm(),
      async () => mustSucceed(name, 'keep ufw on', await host.change(keepScript)),
    ]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const sshPort = context.world.hosts.get(name)?.sections.sudo?.value?.sshPort;
    if (sshPort === undefined) return notHeld(name, 'the port of this SSH session is not known');
    const rules = rulesOf(params, sshPort);
    const seen = await context.read(name).read(checkScript(rules));
    if (!seen.ok) return seen;
    const wrong = seen.value.stdout.trim().split('\n').filter(Boolean);
    if (wrong.length > 0) return notHeld(name, `ufw does not filter as wanted`, wrong.slice(0, 5).join('; '));
    return ok({
      text: `ufw denies by default, ${rules.length} rules of Drover in the kernel and for every boot`,
    });
  },
});

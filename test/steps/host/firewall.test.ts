import { describe, expect, it } from 'vitest';
import type { CollectorValue } from '../../../src/facts/model/host-facts.js';
import { hostFirewall } from '../../../src/steps/host/firewall.js';
import { ufwRules } from '../../../src/steps/host/ufw-rules.js';
import { fakeHost, SUBJECT, worldOf } from './world.js';

type Firewall = CollectorValue<'firewall'>;
type Chain = Firewall['chains'][number];

const peer = {
  direction: 'in',
  protocol: 'tcp',
  ports: ['10250'],
  from: '10.0.0.2',
  to: 'any',
  reason: 'h2',
} as const;
const params = { rules: [peer], deadManSeconds: 60 };
const ssh = {
  direction: 'in',
  protocol: 'tcp',
  ports: ['2222'],
  from: 'any',
  to: 'any',
  reason: 'SSH',
} as const;
const held = ufwRules([ssh, peer]).map(({ tuple }) => tuple);

const INPUT: Chain = {
  backend: 'nft',
  family: 'ip',
  table: 'filter',
  chain: 'INPUT',
  hook: 'input',
  policy: 'drop',
  rules: 6,
};

const firewall = (part: Partial<Firewall['ufw']> = {}, rest: Partial<Firewall> = {}): Firewall => ({
  ufw: { installed: true, active: true, enabled: true, defaultInput: 'drop', rules: held, ...part },
  firewalld: { installed: false, active: false, zones: [] },
  iptables: { version: '1.8.11', backend: 'nft' },
  chains: [INPUT],
  drops: [],
  ...rest,
});

const world = (seen: Firewall) =>
  worldOf({ firewall: seen, sudo: { user: 'root', uid: 0, root: true, sshPort: 2222 } });
const state = (seen: Firewall) => hostFirewall.observe(world(seen), SUBJECT, params);
const diff = (seen: Firewall) => hostFirewall.diff(state(seen), params);

describe('host.firewall', () => {
  it('has nothing to do where ufw holds exactly the rules, SSH at the port of the session first', () => {
    expect(diff(firewall())).toEqual([]);
  });

  it('leaves rules of others alone as long as they come after', () => {
    const other = 'deny any any 0.0.0.0/0 any 10.0.0.2 in';
    const [ssh4 = '', ssh6 = '', peer4 = ''] = held;
    expect(diff(firewall({ rules: [ssh4, peer4, other, ssh6] }))).toEqual([]);
    expect(diff(firewall({ rules: [ssh4, other, peer4, ssh6] }))).toHaveLength(1);
  });

  it('removes own rules that nobody wants any more', () => {
    const stale = ufwRules([{ ...peer, from: '10.0.0.9' }]).map(({ tuple }) => tuple);
    expect(diff(firewall({ rules: [...held, ...stale] }))).toEqual([
      { kind: 'remove', what: 'ufw', before: 'allow in tcp 10250 from 10.0.0.9' },
    ]);
  });

  it.each<[string, Partial<Firewall['ufw']>, Partial<Firewall>?]>([
    ['off', { active: false }, { chains: [] }],
    ['on only until the next boot', { enabled: false }],
    ['allowing by default', { defaultInput: 'accept' }],
  ])('sees ufw that is %s', (_, part, rest) => {
    expect(diff(firewall(part, rest))).toHaveLength(1);
  });

  it.each<[string, Partial<Firewall['ufw']>, Partial<Firewall>]>([
    ['firewalld', {}, { firewalld: { installed: true, active: true, zones: ['public'] } }],
    ['a table of its own', {}, { chains: [{ ...INPUT, family: 'inet', table: 'site', chain: 'in' }] }],
    ['iptables without ufw', { active: false }, {}],
  ])('refuses to stand beside %s, before any change', async (_, part, rest) => {
    const seen = firewall(part, rest);
    const { told, context } = fakeHost(world(seen));
    expect(diff(seen).some(({ kind }) => kind === 'warn')).toBe(true);
    expect(await hostFirewall.apply(context, params, state(seen))).toMatchObject({
      ok: false,
      error: { class: 'person', code: 'firewall-other' },
    });
    expect(told.order).toEqual([]);
  });

  it('loads under a dead-man timer, and keeps only what a new connection confirmed', async () => {
    const seen = firewall({ active: false, enabled: false, rules: [] }, { chains: [] });
    const { told, context } = fakeHost(world(seen));
    expect(await hostFirewall.apply(context, params, state(seen))).toEqual({ ok: true, value: {} });
    expect(told.order).toEqual(['guarded 60', 'confirm', 'change']);
    expect(told.scripts[0]).toContain('ENABLED=no');
    expect(told.scripts[1]).toContain('ENABLED=yes');
  });

  it('does nothing while the port of the session is not known', async () => {
    const blind = worldOf({ firewall: firewall(), sudo: { user: 'root', uid: 0, root: true } });
    expect(hostFirewall.observe(blind, SUBJECT, params)).toBeUndefined();
    const { told, context } = fakeHost(blind);
    expect((await hostFirewall.apply(context, params, undefined)).ok).toBe(false);
    expect(told.order).toEqual([]);
  });
});

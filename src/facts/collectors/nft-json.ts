import { z } from 'zod';
import type { CollectorValue } from '../model/host-facts.js';
import type { Ruleset } from './iptables-save.js';
import { parseJson } from './json.js';

type Firewall = CollectorValue<'firewall'>;
type Drop = Firewall['drops'][number];

const place = { family: z.string(), table: z.string() };
const chainShape = z.looseObject({
  ...place,
  name: z.string(),
  hook: z.string().optional(),
  policy: z.string().optional(),
});
const ruleShape = z.looseObject({
  ...place,
  chain: z.string(),
  expr: z.array(z.record(z.string(), z.unknown())).default([]),
});
const shape = z.looseObject({
  nftables: z.array(z.looseObject({ chain: chainShape.optional(), rule: ruleShape.optional() })),
});
type RawRule = z.infer<typeof ruleShape>;
type RawChain = z.infer<typeof chainShape>;

const id = (family: string, table: string, chain: string): string => `${family} ${table} ${chain}`;

const matchShape = z.object({
  op: z.string(),
  left: z.object({ payload: z.object({ protocol: z.string(), field: z.string() }) }),
  right: z.unknown(),
});
const metaShape = z.object({
  op: z.string(),
  left: z.object({ meta: z.object({ key: z.literal('l4proto') }) }),
  right: z.unknown(),
});

/** Protocol and destination port, when the rule matches exactly one. */
const matched = (rule: RawRule): { protocol?: string; port?: number } => {
  const found: { protocol?: string; port?: number } = {};
  for (const { match } of rule.expr) {
    const payload = matchShape.safeParse(match);
    const meta = metaShape.safeParse(match);
    if (meta.success && typeof meta.data.right === 'string') found.protocol = meta.data.right;
    if (!payload.success || payload.data.op !== '==') continue;
    const { protocol, field } = payload.data.left.payload;
    const { right } = payload.data;
    if (field === 'dport') found.protocol = protocol;
    if (field === 'dport' && typeof right === 'number') found.port = right;
    if (field === 'protocol' && (typeof right === 'string' || typeof right === 'number'))
      found.protocol = String(right);
  }
  return found;
};

const verdictOf = (rule: RawRule): 'drop' | 'reject' | undefined => {
  if (rule.expr.some((part) => 'drop' in part)) return 'drop';
  return rule.expr.some((part) => 'reject' in part) ? 'reject' : undefined;
};

const targetShape = z.object({ target: z.string() });
const targetsOf = (rule: RawRule): string[] =>
  rule.expr.flatMap(({ jump, goto }) => {
    const found = targetShape.safeParse(jump ?? goto);
    return found.success ? [found.data.target] : [];
  });

/** Hooks from which each chain is reached, by following jumps from the base chains. */
const reachedFrom = (chains: readonly RawChain[], rules: readonly RawRule[]): ReadonlyMap<string, string> => {
  const reached = new Map<string, string>();
  for (const base of chains) {
    if (base.hook === undefined) continue;
    const open = [id(base.family, base.table, base.name)];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      if (reached.has(key)) continue;
      reached.set(key, base.hook);
      const here = key;
      const next = rules.filter((rule) => id(rule.family, rule.table, rule.chain) === here);
      open.push(...next.flatMap((rule) => targetsOf(rule).map((to) => id(rule.family, rule.table, to))));
    }
  }
  return reached;
};

const textOf = (rule: RawRule, verdict: string): string => {
  const { protocol, port } = matched(rule);
  const words = [protocol, port === undefined ? undefined : `dport ${port}`, verdict];
  return `${rule.family} ${rule.table} ${rule.chain}: ${words.filter((word) => word !== undefined).join(' ')}`;
};

/** `nft -j list table …` documents, one per line. */
export const parseNftJson = (documents: readonly string[]): Ruleset => {
  const objects = documents.flatMap((text) => parseJson(text, shape)?.nftables ?? []);
  const chains = objects.flatMap(({ chain }) => chain ?? []);
  const rules = objects.flatMap(({ rule }) => rule ?? []);
  const counts = new Map<string, number>();
  for (const rule of rules) {
    const key = id(rule.family, rule.table, rule.chain);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const reached = reachedFrom(chains, rules);
  return {
    chains: chains.map(({ family, table, name, hook, policy }) => ({
      backend: 'nft',
      family,
      table,
      chain: name,
      ...(hook === undefined ? {} : { hook }),
      ...(policy === undefined ? {} : { policy }),
      rules: counts.get(id(family, table, name)) ?? 0,
    })),
    drops: rules.flatMap((rule): Drop[] => {
      const hook = reached.get(id(rule.family, rule.table, rule.chain));
      const verdict = verdictOf(rule);
      if (hook === undefined || verdict === undefined) return [];
      const text = textOf(rule, verdict);
      return [{ backend: 'nft', table: rule.table, chain: rule.chain, hook, ...matched(rule), text }];
    }),
  };
};

import type { CollectorValue } from '../model/host-facts.js';

type Firewall = CollectorValue<'firewall'>;
type Chain = Firewall['chains'][number];
type Drop = Firewall['drops'][number];

export interface Ruleset {
  readonly chains: readonly Chain[];
  readonly drops: readonly Drop[];
}

const BUILT_IN = new Set(['INPUT', 'OUTPUT', 'FORWARD', 'PREROUTING', 'POSTROUTING', 'BROUTING']);
const hookOf = (chain: string): string | undefined => (BUILT_IN.has(chain) ? chain.toLowerCase() : undefined);

interface Rule {
  readonly chain: string;
  readonly text: string;
  readonly target: string | undefined;
}

const ruleOf = (line: string): Rule | undefined => {
  const chain = /^-A (\S+)/.exec(line)?.[1];
  if (chain === undefined) return undefined;
  return { chain, text: line, target: / -[jg] (\S+)/.exec(line)?.[1] };
};

/** Hooks from which each chain is reached, by following jumps from the built-in chains. */
const reachedFrom = (rules: readonly Rule[]): ReadonlyMap<string, string> => {
  const targets = new Map<string, string[]>();
  for (const { chain, target } of rules)
    if (target !== undefined) targets.set(chain, [...(targets.get(chain) ?? []), target]);
  const reached = new Map<string, string>();
  for (const root of BUILT_IN) {
    const open = [root];
    for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
      if (reached.has(chain)) continue;
      reached.set(chain, root.toLowerCase());
      open.push(...(targets.get(chain) ?? []));
    }
  }
  return reached;
};

const portOf = (text: string): number | undefined => {
  const port = / --dports? (\d+)(?= |$)/.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
};

const tableOf = (text: string, backend: Chain['backend'], family: string): Ruleset => {
  const lines = text.split('\n').map((line) => line.trim());
  const table = lines[0] ?? '';
  const rules = lines.flatMap((line) => ruleOf(line) ?? []);
  const counts = new Map<string, number>();
  for (const { chain } of rules) counts.set(chain, (counts.get(chain) ?? 0) + 1);
  const reached = reachedFrom(rules);
  const chains = lines.flatMap((line): Chain[] => {
    const found = /^:(\S+) (\S+)/.exec(line);
    if (found === null) return [];
    const chain = found[1] ?? '';
    const hook = hookOf(chain);
    return [
      {
        backend,
        family,
        table,
        chain,
        ...(hook === undefined ? {} : { hook }),
        ...(found[2] === '-' ? {} : { policy: (found[2] ?? '').toLowerCase() }),
        rules: counts.get(chain) ?? 0,
      },
    ];
  });
  const drops = rules.flatMap((rule): Drop[] => {
    const hook = reached.get(rule.chain);
    if (hook === undefined || !/^(DROP|REJECT)$/.test(rule.target ?? '')) return [];
    const protocol = /(?:^| )-p (\S+)/.exec(rule.text)?.[1];
    const port = portOf(rule.text);
    return [
      {
        backend,
        table,
        chain: rule.chain,
        hook,
        ...(protocol === undefined ? {} : { protocol }),
        ...(port === undefined ? {} : { port }),
        text: rule.text,
      },
    ];
  });
  return { chains, drops };
};

/** Output of iptables-save or ip6tables-save: `*table`, `:CHAIN policy`, `-A CHAIN …`, `COMMIT`. */
export const parseIptablesSave = (text: string, backend: Chain['backend'], family: 'ip' | 'ip6'): Ruleset => {
  const tables = `\n${text}`
    .split('\n*')
    .slice(1)
    .map((part) => tableOf(part, backend, family));
  return {
    chains: tables.flatMap(({ chains }) => chains),
    drops: tables.flatMap(({ drops }) => drops),
  };
};

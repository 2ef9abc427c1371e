import { z } from 'zod';
import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blocksOf, linesOf } from './blocks.js';
import { parseJson } from './json.js';

type Routes = CollectorValue<'routes'>;
type Route = Routes['routes'][number];

const hop = { gateway: z.string().optional(), dev: z.string().optional() };
const routeShape = z.array(
  z.looseObject({
    ...hop,
    type: z.string().optional(),
    dst: z.string(),
    via: z.looseObject({ host: z.string() }).optional(),
    prefsrc: z.string().optional(),
    protocol: z.string().optional(),
    table: z.union([z.string(), z.number()]).optional(),
    metric: z.number().optional(),
    flags: z.array(z.string()).default([]),
    nexthops: z.array(z.looseObject({ ...hop, flags: z.array(z.string()).default([]) })).optional(),
  }),
);
type RawRoute = z.infer<typeof routeShape>[number];

/** The kernel's own entries say nothing that addresses do not. */
const OWN = new Set(['local', 'broadcast', 'multicast', 'anycast']);
const isOwn = (type: string, table: string, destination: string): boolean =>
  OWN.has(type) || table === 'local' || table === '255' || destination === 'ff00::/8';

const routesOf = (raw: RawRoute): Route[] => {
  const table = String(raw.table ?? 'main');
  const type = raw.type ?? 'unicast';
  if (isOwn(type, table, raw.dst)) return [];
  const hops = raw.nexthops ?? [raw];
  return hops.map((next) => {
    const gateway = next.gateway ?? raw.via?.host;
    return {
      destination: raw.dst,
      ...(gateway === undefined ? {} : { gateway }),
      ...(next.dev === undefined ? {} : { device: next.dev }),
      ...(raw.prefsrc === undefined ? {} : { source: raw.prefsrc }),
      ...(raw.protocol === undefined ? {} : { protocol: raw.protocol }),
      table,
      type,
      ...(raw.metric === undefined ? {} : { metric: raw.metric }),
      onlink: next.flags.includes('onlink') || raw.flags.includes('onlink'),
    };
  });
};

const TYPES = /^(unicast|local|broadcast|multicast|anycast|blackhole|unreachable|prohibit|throw|nat) /;

/** A line of `ip route show table all` of an ip without JSON. */
const routeOfText = (line: string): Route[] => {
  const type = TYPES.exec(line)?.[1] ?? 'unicast';
  const rest = line.replace(TYPES, '');
  const word = (name: string): string | undefined => new RegExp(` ${name} (\\S+)`).exec(rest)?.[1];
  return routesOf({
    type,
    dst: rest.split(' ')[0] ?? '',
    gateway: word('via'),
    dev: word('dev'),
    prefsrc: word('src'),
    protocol: word('proto'),
    table: word('table'),
    metric: word('metric') === undefined ? undefined : Number(word('metric')),
    flags: / onlink\b/.test(rest) ? ['onlink'] : [],
  });
};

/** `ip rule`: "100: from all fwmark 0x200/0xf00 lookup 2004"; the family is told by where it stands. */
const rulesOf = (text: string): Routes['rules'] =>
  linesOf(text).flatMap((line) => {
    const found = /^(\d+):\s*(.*)$/.exec(line);
    return found === null ? [] : [{ priority: Number(found[1]), text: found[2] ?? '' }];
  });

export const routes = defineCollector({
  id: 'routes',
  title: 'Routes and routing rules',
  volatile: false,
  needsRoot: false,
  script: `
json=$(ip -j -4 route show table all 2>/dev/null)
case $json in
  '['*) block v4; printf '%s\\n' "$json"; block v6; ip -j -6 route show table all 2>/dev/null ;;
  *) block text; ip route show table all ;;
esac
block rules; ip -4 rule show 2>/dev/null
block rules6; ip -6 rule show 2>/dev/null
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const four = parseJson(block('v4'), routeShape);
    const six = parseJson(block('v6'), routeShape) ?? [];
    const found =
      four === undefined ? linesOf(block('text')).flatMap(routeOfText) : [...four, ...six].flatMap(routesOf);
    // The two rules that every host has are told once.
    const more = rulesOf(block('rules6')).filter(
      ({ priority, text }) => !((priority === 0 || priority === 32766) && /lookup (local|main)/.test(text)),
    );
    return { value: { routes: found, rules: [...rulesOf(block('rules')), ...more] } };
  },
});

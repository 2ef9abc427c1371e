import { contains, parseAddress, parseCidr } from '../../core/cidr.js';
import { shellQuote } from '../../core/shell.js';
import type { NetworkConf, RecipeInput } from './recipe.js';

/** Prints what of a network is on a host: its device, all routes, plugins and staged configuration. Reads only. */
export const worksScript = (recipe: NetworkConf, input: RecipeInput): string => {
  const { device } = recipe.works(input);
  const conf = recipe.conflist(input);
  const pluginDir = recipe.pluginDir?.(input) ?? input.binDir;
  return [
    ...(device === undefined
      ? []
      : [
          `echo "device $(ip -o link show dev ${shellQuote(device)} 2>/dev/null | sed 's/.*<\\(.*\\)>.*/\\1/')"`,
          `echo "address $(ip -o address show dev ${shellQuote(device)} scope global 2>/dev/null | awk '{ print $4 }' | head -n 1)"`,
        ]),
    "ip -4 -o route show 2>/dev/null | sed 's/^/route /'",
    ...recipe.plugins.map(
      (plugin) => `[ -x ${shellQuote(`${pluginDir}/${plugin}`)} ] || echo ${shellQuote(`plugin ${plugin}`)}`,
    ),
    ...(conf.kind === 'staged' ? [`[ -s ${shellQuote(conf.path)} ] || echo staged`] : []),
    'true',
  ].join('\n');
};

/** Ranges of the pool to which a host’s routes lead over `over`; black holes and the host’s own block are none. */
const rangesInto = (
  pool: string,
  lines: readonly string[],
  over: string | undefined,
): ReadonlySet<string> => {
  const whole = parseCidr(pool);
  const ranges = lines.flatMap((line) => {
    const [to = ''] = line.split(' ');
    const range = parseCidr(to) ?? parseAddress(to);
    if (whole === undefined || range === undefined || !contains(whole, range)) return [];
    const device = / dev (\S+)/.exec(line)?.[1];
    const leads = over === undefined ? / via /.test(line) : device === over;
    return leads ? [to] : [];
  });
  return new Set(ranges);
};

/** What is wrong with a device, by the lines of {@link worksScript}. */
const deviceProblems = (device: string, flags: string, address: string): readonly string[] => {
  if (flags === '') return [`the device ${device} is missing`];
  return [
    ...(flags.split(',').includes('UP') ? [] : [`the device ${device} is down`]),
    ...(address === '' ? [`the device ${device} has no address`] : []),
  ];
};

/** What is missing on a host, by the output of {@link worksScript}; empty = the network is really there. Pure. */
export const worksProblems = (recipe: NetworkConf, input: RecipeInput, stdout: string): readonly string[] => {
  const { device, routes } = recipe.works(input);
  const conf = recipe.conflist(input);
  const lines = stdout.split('\n');
  const rest = (word: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim());
  const peers = input.nodes.length - 1;
  const found = rangesInto(input.pool, rest('route'), routes?.over).size;
  return [
    ...(device === undefined
      ? []
      : deviceProblems(device, rest('device')[0] ?? '', rest('address')[0] ?? '')),
    ...(routes === undefined || found >= peers
      ? []
      : [`${found} of ${peers} routes to other nodes are there`]),
    ...rest('plugin').map((plugin) => `the plugin ${input.binDir}/${plugin} is missing`),
    ...(conf.kind === 'staged' && lines.includes('staged') ? [`${conf.path} is missing`] : []),
  ];
};

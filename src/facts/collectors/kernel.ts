import { defineCollector } from '../collector.js';
import type { FeatureState } from '../model/kernel.js';
import { blocksOf, linesOf } from './blocks.js';
import { KERNEL_FEATURES } from './kernel-features.js';

/** Kernel log lines that matter, by kind. The same expressions select them on the host. */
const MESSAGES: readonly (readonly [kind: string, expression: string])[] = [
  ['bad-checksum', 'bad checksum'],
  ['nft-segfault', 'nft[^ ]*: segfault'],
  ['conntrack-full', 'nf_conntrack: .*table full'],
  ['neighbour-overflow', 'neighbour: .*table overflow'],
  ['io-error', 'I/O error|EXT4-fs error|XFS .*[Cc]orruption'],
  ['oom', 'Out of memory|oom-kill:'],
  ['hung-task', 'blocked for more than [0-9]+ seconds'],
];

const baseName = (path: string): string => (path.split('/').at(-1) ?? '').replace(/\.ko(\..*)?$/, '');

interface Known {
  readonly options: ReadonlyMap<string, string>;
  readonly loaded: ReadonlySet<string>;
  readonly builtin: ReadonlySet<string>;
  readonly loadable: ReadonlySet<string>;
  readonly symbols: ReadonlySet<string>;
}

/** What is loaded or compiled in wins; a module that the configuration promises must lie on the disk as well. */
const stateOf = ([module, option, symbol]: readonly [string, string, string], known: Known): FeatureState => {
  if (known.loaded.has(module)) return 'loaded';
  if (known.builtin.has(module) || known.options.get(option) === 'y') return 'builtin';
  if (known.loadable.has(module)) return 'loadable';
  return known.symbols.has(symbol) ? 'builtin' : 'absent';
};

const messagesOf = (text: string): { kind: string; text: string }[] =>
  linesOf(text).flatMap((line) => {
    const kind = MESSAGES.find(([, expression]) => new RegExp(expression).test(line))?.[0];
    return kind === undefined ? [] : [{ kind, text: line }];
  });

const anyOf = (words: readonly string[]): string => words.join('|');
const modules = anyOf(KERNEL_FEATURES.map(([module]) => module));
const options = anyOf(KERNEL_FEATURES.map(([, option]) => option));
const symbols = anyOf(KERNEL_FEATURES.map(([, , symbol]) => symbol));

export const kernel = defineCollector({
  id: 'kernel',
  title: 'Kernel features and messages',
  volatile: false,
  needsRoot: false,
  script: `
files=/lib/modules/$RELEASE
block loaded; if [ -r /proc/modules ]; then sed -n -E 's/^(${modules}) .*/\\1/p' /proc/modules; fi
block builtin; if [ -d "$files" ]; then grep -hE '/(${modules})\\.ko' "$files/modules.builtin" 2>/dev/null; fi
block loadable; if [ -d "$files" ]; then sed -n -E 's/^([^:]*\\/(${modules})\\.ko[^:]*):.*/\\1/p' "$files/modules.dep" 2>/dev/null; fi
block options
{ if [ -r "/boot/config-$RELEASE" ]; then cat "/boot/config-$RELEASE"
  elif [ -r "$files/config" ]; then cat "$files/config"
  elif [ -r /proc/config.gz ]; then gzip -dc /proc/config.gz 2>/dev/null || zcat /proc/config.gz
  fi; } | grep -E '^CONFIG_(${options})='
block symbols
if [ ! -r "$files/modules.builtin" ] && [ ! -r /proc/config.gz ]; then
  sed -n -E 's/^[^ ]+ . (${symbols})(\\.[a-z0-9.]+)?$/\\1/p' /proc/kallsyms
fi
block btf; if [ -e /sys/kernel/btf/vmlinux ]; then echo yes; fi
block messages
if ! is_container; then
  limit 2 dmesg 2>/dev/null | grep -E '${anyOf(MESSAGES.map(([, expression]) => expression))}' | tail -n 20
fi
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const known: Known = {
      options: new Map(
        linesOf(block('options')).map((line) => {
          const [name = '', value = ''] = line.replace(/^CONFIG_/, '').split('=');
          return [name, value];
        }),
      ),
      loaded: new Set(linesOf(block('loaded'))),
      builtin: new Set(linesOf(block('builtin')).map(baseName)),
      loadable: new Set(linesOf(block('loadable')).map(baseName)),
      symbols: new Set(linesOf(block('symbols'))),
    };
    return {
      value: {
        features: Object.fromEntries(KERNEL_FEATURES.map((feature) => [feature[0], stateOf(feature, known)])),
        btf: block('btf') !== '',
        messages: messagesOf(block('messages')),
      },
    };
  },
});

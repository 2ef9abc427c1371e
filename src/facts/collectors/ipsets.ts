import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blocksOf, linesOf } from './blocks.js';

type Sets = CollectorValue<'ipsets'>['sets'];

/** What the program says of a set that is newer than it: all that it knows of it. */
const REFUSED = /settype (\S+) with revision (\d+) not supported/;

/** `ipset -terse list`: one paragraph of `Name: value` lines per set. */
const setsOf = (text: string): Sets =>
  text.split(/\n(?=Name: )/).flatMap((part) => {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
    const name = field('Name');
    if (name === undefined) return [];
    const [, type = 'unknown', revision = 0] = REFUSED.exec(part) ?? [];
    return [
      {
        name,
        type: field('Type') ?? type,
        revision: Number(field('Revision') ?? revision),
        references: Number(field('References') ?? 0),
        entries: Number(field('Number of entries') ?? 0),
      },
    ];
  });

/** The end of `ipset help` lists every type with every revision that the program knows. */
const supportedBy = (help: string): Record<string, number> => {
  const highest: Record<string, number> = {};
  for (const line of linesOf(help.split('Supported set types:')[1] ?? '')) {
    const found = /^([a-z]+:[a-z,]+)\s+(\d+)\s/.exec(line);
    if (found === null) continue;
    const type = found[1] ?? '';
    highest[type] = Math.max(highest[type] ?? 0, Number(found[2]));
  }
  return highest;
};

export const ipsets = defineCollector({
  id: 'ipsets',
  title: 'IP sets',
  volatile: false,
  needsRoot: true,
  script: `
if ! has ipset; then exit 0; fi
block help; ipset help
block list
if ! limit 5 ipset -terse list 2>&1; then
  # One set that it cannot read ends the list: each is asked for by its name.
  block each
  for set in $(limit 5 ipset -name list 2>/dev/null); do
    printf 'Name: %s\\n' "$set"; limit 2 ipset -terse list "$set" 2>&1 | grep -v '^Name: '
  done
fi
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const version = /^ipset v(\d[\d.]*)/.exec(block('help'))?.[1];
    const unreadable = linesOf(block('list')).find((line) => /not supported|incompatible/i.test(line));
    return {
      value: {
        ...(version === undefined ? {} : { version }),
        sets: setsOf(unreadable === undefined ? block('list') : block('each')),
        ...(unreadable === undefined ? {} : { unreadable }),
        supported: supportedBy(block('help')),
      },
    };
  },
});

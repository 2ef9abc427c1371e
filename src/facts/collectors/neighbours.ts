import { z } from 'zod';
import { defineCollector } from '../collector.js';
import { blocksOf, linesOf } from './blocks.js';
import { parseJson } from './json.js';

const shape = z.array(
  z.looseObject({
    dst: z.string(),
    dev: z.string().optional(),
    lladdr: z.string().optional(),
    state: z.array(z.string()).default([]),
  }),
);

const fromText = (line: string): z.infer<typeof shape>[number] => {
  const words = line.split(/\s+/);
  const after = (name: string): string | undefined =>
    words.includes(name) ? words[words.indexOf(name) + 1] : undefined;
  return { dst: words[0] ?? '', dev: after('dev'), lladdr: after('lladdr'), state: [words.at(-1) ?? ''] };
};

export const neighbours = defineCollector({
  id: 'neighbours',
  title: 'Neighbours on the same segment',
  volatile: true,
  needsRoot: false,
  script: `
json=$(ip -j neighbour show 2>/dev/null)
case $json in
  '['*) block json; printf '%s\\n' "$json" ;;
  *) block text; ip neighbour show ;;
esac
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const raw = parseJson(block('json'), shape) ?? linesOf(block('text')).map(fromText);
    return {
      value: raw.map(({ dst, dev, lladdr, state }) => ({
        address: dst,
        device: dev ?? '',
        ...(lladdr === undefined ? {} : { mac: lladdr }),
        state: state.join(' '),
      })),
    };
  },
});

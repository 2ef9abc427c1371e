import { alternate } from './lib/measure.js';
import { judge, writeSection } from './lib/page.js';

/** What `drover --help` and the smallest command cost above a bare Node. */
const MAIN = 'dist/cli/main.js';
const ROUNDS = 15;

const [bare = 0, help = 0, explain = 0] = alternate(ROUNDS, [
  { command: [process.execPath, '-e', '0'] },
  { command: [process.execPath, MAIN, '--help'] },
  { command: [process.execPath, MAIN, 'explain', 'bad-usage'] },
]);

const row = (name: string, ms: number): readonly string[] => [
  name,
  `${Math.round(ms)} ms`,
  `${Math.round(ms - bare)} ms`,
  `${(ms / bare).toFixed(1)} ×`,
];

writeSection('startup', judge('`drover --help` less than 150 ms above bare Node', help - bare < 150), [
  ['command', 'median', 'above bare node', 'ratio'],
  row('`node -e 0`', bare),
  row('`drover --help`', help),
  row('`drover explain CODE`', explain),
]);

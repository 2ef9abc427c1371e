import { describe, expect, it } from 'vitest';
import { importsOf, type Source, sources } from './sources.js';

/** The stations that data passes, in this order: a folder imports from itself and from folders before it. */
const STATIONS = [
  'core',
  'spec',
  'facts',
  'bundle',
  'diagnosis',
  'steps',
  'plan',
  'run',
  'verify',
  'app',
  'cli',
] as const;

const before = (folder: string, more: readonly string[] = []): readonly string[] => [
  ...STATIONS.slice(0, STATIONS.indexOf(folder as (typeof STATIONS)[number])),
  ...more,
];

/** Adapters implement the ports of core and are imported by app alone; labs and renderers serve app and cli. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(STATIONS.map((station) => [station, before(station)])),
  app: before('app', ['transport', 'kube', 'registry', 'secrets', 'system', 'lab']),
  cli: before('cli', ['app', 'report', 'lab', 'system']),
  server: before('cli', ['app', 'report', 'system']),
  transport: ['core'],
  kube: ['core'],
  registry: ['core'],
  secrets: ['core'],
  system: ['core'],
  lab: ['core', 'spec'],
  report: before('app'),
};

/** src/index.ts is the library: it may show anything. */
const folderOf = (path: string): string => path.split('/')[1] ?? '';
const inFolder = sources.filter(({ path }) => path.split('/').length > 2);

const PURE = ['core', 'spec', 'plan', 'diagnosis'];
const EFFECTS =
  /from 'node:(fs|fs\/promises|net|http|https|child_process|dgram|dns|dns\/promises|os|timers\/promises)'|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bfetch\(/;

describe('the direction of imports', () => {
  it('knows every folder', () => {
    expect(
      [...new Set(inFolder.map(({ path }) => folderOf(path)))].filter(
        (folder) => MAY_IMPORT[folder] === undefined,
      ),
    ).toEqual([]);
  });

  it('goes to the left only', () => {
    const wrong = inFolder.flatMap((source: Source) => {
      const own = folderOf(source.path);
      return importsOf(source)
        .filter((target) => folderOf(target) !== own && !MAY_IMPORT[own]?.includes(folderOf(target)))
        .map((target) => `${source.path} -> ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('would notice a wrong import', () => {
    const bad: Source = {
      path: 'src/core/x.ts',
      text: "import { a } from '../spec/a.js';\nconst b = await import('../cli/b.js');",
      lines: 2,
    };
    expect(importsOf(bad)).toEqual(['src/spec/a.ts', 'src/cli/b.ts']);
  });

  it('keeps clock, disk, network and randomness out of what must be pure', () => {
    /** node:net also holds pure functions on addresses. */
    const effectsOf = (text: string): boolean =>
      EFFECTS.test(text.replace(/import \{ (?:isIP|isIPv4|isIPv6|BlockList|, )+ \} from 'node:net'/g, ''));
    const impure = inFolder.filter(({ path, text }) => PURE.includes(folderOf(path)) && effectsOf(text));
    expect(impure.map(({ path }) => path)).toEqual([]);
  });

  it('goes in no circle at run time', () => {
    const graph = new Map(sources.map((source) => [source.path, runtimeImports(source)]));
    expect(findCircle(graph)).toBeUndefined();
  });
});

const runtimeImports = (source: Source): readonly string[] =>
  importsOf({
    ...source,
    text: source.text.replace(/import type [^;]+;/g, '').replace(/import\('[^']+'\)/g, ''),
  });

const findCircle = (graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined => {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...path, node]);
      if (circle !== undefined) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const circle = visit(node, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
};

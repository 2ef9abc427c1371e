import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One place that apt fetches packages from. */
interface Source {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

const oneLine = (line: string): Source | undefined => {
  const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line.trim());
  const [, uri, suite, components] = match ?? [];
  if (uri === undefined || suite === undefined) return undefined;
  return { uri, suites: [suite], components: (components ?? '').split(/\s+/) };
};

const stanza = (text: string): readonly Source[] => {
  const fields = new Map<string, string>();
  let key = '';
  for (const line of text.split('\n').filter((entry) => !entry.startsWith('#'))) {
    const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
    if (match) key = (match[1] ?? '').toLowerCase();
    fields.set(key, `${fields.get(key) ?? ''} ${match ? (match[2] ?? '') : line}`.trim());
  }
  const words = (name: string): readonly string[] => (fields.get(name) ?? '').split(/\s+/).filter(Boolean);
  if (!words('types').includes('deb') || fields.get('enabled') === 'no') return [];
  return words('uris').map((uri) => ({ uri, suites: words('suites'), components: words('components') }));
};

/** Reads sources.list (one line each) or a `.sources` file (stanzas). */
export const parseSources = (text: string, deb822: boolean): readonly Source[] =>
  deb822 ? text.split(/\n\s*\n/).flatMap(stanza) : text.split('\n').flatMap((line) => oneLine(line) ?? []);

/** The Debian archive among apt's sources: it has a `main` component, is no security archive and no Ubuntu. */
export const debianMirror = (sources: readonly Source[], debianSuite: string): string | undefined =>
  sources.find(
    ({ uri, suites, components }) =>
      /^https?:/.test(uri) &&
      components.includes('main') &&
      suites.includes(debianSuite) &&
      !uri.includes('security'),
  )?.uri;

const readSources = async (): Promise<readonly Source[]> => {
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const folder = '/etc/apt/sources.list.d';
  const names = await readdir(folder).catch((): string[] => []);
  const files = await Promise.all(
    names
      .filter((name) => /\.(list|sources)$/.test(name))
      .map(async (name) => parseSources(await read(join(folder, name)), name.endsWith('.sources'))),
  );
  return [...parseSources(await read('/etc/apt/sources.list'), false), ...files.flat()];
};

/**
 * The mirror to take Debian packages from: the one of this machine's own apt configuration when it is a Debian
 * machine; undefined (debootstrap's own default) on others.
 */
export const machineMirror = async (): Promise<string | undefined> => {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(release)?.[1];
  if (!/^ID=debian$/m.test(release) || codename === undefined) return undefined;
  return debianMirror(await readSources(), codename);
};

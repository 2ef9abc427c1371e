import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blocksOf, linesOf } from './blocks.js';

type Setting = CollectorValue<'sysctl-files'>[number];

const LAST = '/etc/sysctl.conf';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Files in the order in which they count; of those with one name the first that is given hides the others. */
const inOrder = (paths: readonly string[]): readonly string[] => {
  const byName = new Map<string, string>();
  for (const path of paths) {
    if (path !== LAST && !byName.has(baseName(path))) byName.set(baseName(path), path);
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  return paths.includes(LAST) ? [...sorted, LAST] : sorted;
};

const settingOf = (file: string, line: string): Setting[] => {
  const found = /^\s*-?\s*([^#;=\s]+)\s*=\s*(.*)$/.exec(line);
  if (found === null) return [];
  const [, key = '', value = ''] = found;
  // With a slash first the separator is the slash, as sysctl.d(5) has it.
  const slashed = /^[^.]*\//.test(key);
  return [
    {
      file,
      key: slashed ? key.replace(/[./]/g, (sign) => (sign === '/' ? '.' : '/')) : key,
      value: value.trim().replace(/\s+/g, ' '),
    },
  ];
};

/**
 * What the boot sets, in the order of systemd-sysctl: files by name, a file in an earlier folder hides those of
 * the same name. /etc/sysctl.conf comes last, as `sysctl --system` reads it.
 */
export const sysctlFiles = defineCollector({
  id: 'sysctl-files',
  title: 'Kernel settings of the next boot',
  volatile: false,
  needsRoot: false,
  script: `
set --
for folder in /etc /run /usr/local/lib /usr/lib /lib; do
  for file in "$folder"/sysctl.d/*.conf; do if [ -e "$file" ]; then set -- "$@" "$file"; fi; done
done
if [ -e ${LAST} ]; then set -- "$@" ${LAST}; fi
block files; printf '%s\\n' "$@"
block lines; grep -sH = "$@" /dev/null
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const lines = linesOf(block('lines'));
    return {
      value: inOrder(linesOf(block('files'))).flatMap((file) =>
        lines
          .filter((line) => line.startsWith(`${file}:`))
          .flatMap((line) => settingOf(file, line.slice(file.length + 1))),
      ),
    };
  },
});

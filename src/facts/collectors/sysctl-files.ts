import { defineCollector } from '../collector.js';
import { linesOf } from './blocks.js';

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
{
  for folder in /etc /run /usr/local/lib /usr/lib /lib; do
    for file in "$folder"/sysctl.d/*.conf; do
      if [ -e "$file" ]; then printf '%s %s\\n' "\${file##*/}" "$file"; fi
    done
  done | sort -s -k1,1 | awk '!seen[$1]++ { print $2 }'
  if [ -e /etc/sysctl.conf ]; then echo /etc/sysctl.conf; fi
} | while read -r file; do
  sed -n -E 's|^[[:space:]]*-?[[:space:]]*([^#;=[:space:]]+)[[:space:]]*=[[:space:]]*(.*)$|\\1 \\2|p' "$file" 2>/dev/null |
    while read -r key value; do printf '%s %s %s\\n' "$file" "$key" "$value"; done
done
true`,
  parse: ({ stdout }) => ({
    value: linesOf(stdout).map((line) => {
      const [file = '', key = '', ...value] = line.split(/\s+/);
      // With a slash first the separator is the slash, as sysctl.d(5) has it.
      const slashed = /^[^.]*\//.test(key);
      return {
        file,
        key: slashed ? key.replace(/[./]/g, (sign) => (sign === '/' ? '.' : '/')) : key,
        value: value.join(' '),
      };
    }),
  }),
});

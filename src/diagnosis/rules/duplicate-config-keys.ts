import { type Look, observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const duplicateConfigKeys = defineRule({
  code: 'duplicate-config-keys',
  title: 'A key stands twice in a configuration file',
  severity: 'warning',
  reads: ['kubernetes'],
  explain: `K3s reads the file from top to bottom and takes the last value without a word; lists are replaced, not joined. \`cat >>\` in a script makes such files: \`disable: [traefik]\` followed by \`disable: [servicelb]\` switches Traefik on
again. Strict readers refuse the same file.

Put additions into a file of their own in \`/etc/rancher/k3s/config.yaml.d/\`, or append with \`key+:\`.`,
  source: 'https://docs.k3s.io/installation/configuration',
  check: (context) => {
    const seen = observe(context, 'kubernetes', ({ installs }): Look[] =>
      installs.flatMap(({ duplicates, kind }) =>
        duplicates.map(({ file, key, lines }) => ({
          text: `${file}: ${key} on lines ${lines.join(' and ')}; the last one counts`,
          at: `installs.${kind}.duplicates`,
        })),
      ),
    );
    return findingIf(seen, () => ({
      title: `A configuration file on ${where(seen)} holds the same key twice`,
      cause: 'Lines were appended (cat >>) to a file that had the key already.',
      fix: step(
        'k3s.config',
        'keep one line per key, or move additions to /etc/rancher/k3s/config.yaml.d/90-cni.yaml',
      ),
    }));
  },
});

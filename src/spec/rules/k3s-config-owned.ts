import { K3S_OWNED } from '../options/k3s.js';
import type { Path } from '../path.js';
import { defineSpecRule } from '../rule.js';

const bare = (key: string): string => key.replace(/^-+/, '').replace(/\+$/, '');

export const k3sConfigOwned = defineSpecRule({
  code: 'k3s-config-owned',
  title: 'A key of config.yaml has its own place in the spec',
  severity: 'error',
  explain: `Drover writes K3s' config.yaml from the spec. A key that stands in \`distribution.config\` as well would contradict it:
K3s takes the last value without a word, lists replace each other instead of adding up, and some values must be equal on all
servers (*critical configuration value mismatch*). The error names the place where the spec wants it.`,
  source: 'https://docs.k3s.io/cli/server',
  reads: ['distribution'],
  check: ({ distribution }, { at }) => {
    if (distribution.kind !== 'k3s') return [];
    return (['config', 'agentConfig'] as const).flatMap((section) =>
      Object.keys(distribution[section]).flatMap((key) => {
        const place = K3S_OWNED[bare(key)];
        const path: Path = ['spec', 'distribution', section, key];
        return place === undefined
          ? []
          : [{ message: `${key} is set by Drover`, location: at(path, 'key'), hint: `say it by ${place}` }];
      }),
    );
  },
});

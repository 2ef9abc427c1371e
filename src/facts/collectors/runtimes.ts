import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blocksOf } from './blocks.js';
import { parseUnits, showUnits } from './systemctl-show.js';

type Runtime = CollectorValue<'runtimes'>[number];

const RUNTIMES: readonly {
  readonly name: Runtime['name'];
  readonly program: string;
  readonly unit: string;
}[] = [
  { name: 'docker', program: 'dockerd', unit: 'docker.service' },
  { name: 'containerd', program: 'containerd', unit: 'containerd.service' },
  { name: 'crio', program: 'crio', unit: 'crio.service' },
  { name: 'podman', program: 'podman', unit: 'podman.socket' },
];

export const runtimes = defineCollector({
  id: 'runtimes',
  title: 'Container runtimes',
  volatile: false,
  needsRoot: false,
  script: `
${RUNTIMES.map(({ name, program }) => `block ${name}; if has ${program}; then limit 2 ${program} --version 2>/dev/null || echo unknown; fi`).join('\n')}
block units
${showUnits(RUNTIMES.map(({ unit }) => unit).join(' '))}
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const units = parseUnits(block('units'));
    return {
      value: RUNTIMES.flatMap(({ name, unit }): Runtime[] => {
        const text = block(name);
        const state = units.find(({ id }) => id === unit);
        if (text === '' && state === undefined) return [];
        return [
          {
            name,
            version: /v?(\d+\.\d+\.\d+\S*?)(?:,|\s|$)/.exec(text)?.[1] ?? 'unknown',
            active: state?.active === 'active',
            enabled: state?.enabled === 'enabled',
          },
        ];
      }),
    };
  },
});

import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blocksOf } from './blocks.js';
import { upstreamVersion } from './debian-version.js';
import { parseUnits, showUnits } from './systemctl-show.js';

type Runtime = CollectorValue<'runtimes'>[number];

const RUNTIMES: readonly {
  readonly name: Runtime['name'];
  readonly program: string;
  readonly unit: string;
  /** Packages of Debian, Ubuntu and the makers that it comes with. */
  readonly packages: string;
}[] = [
  { name: 'docker', program: 'dockerd', unit: 'docker.service', packages: 'docker-ce docker.io' },
  {
    name: 'containerd',
    program: 'containerd',
    unit: 'containerd.service',
    packages: 'containerd containerd.io',
  },
  { name: 'crio', program: 'crio', unit: 'crio.service', packages: 'cri-o' },
  { name: 'podman', program: 'podman', unit: 'podman.socket', packages: 'podman' },
];

/** What a runtime says itself, or what its package says. */
const versionOf = (text: string): string => {
  const packaged = /^package (\S+)$/m.exec(text)?.[1];
  if (packaged !== undefined) return upstreamVersion(packaged);
  return /v?(\d+\.\d+\.\d+\S*?)(?:,|\s|$)/.exec(text)?.[1] ?? 'unknown';
};

export const runtimes = defineCollector({
  id: 'runtimes',
  title: 'Container runtimes',
  volatile: false,
  needsRoot: false,
  script: `
packaged() {
  case $1 in /usr/bin/*|/usr/sbin/*|/bin/*|/sbin/*) ;; *) return 1 ;; esac
  shift
  [ -r /var/lib/dpkg/status ] && awk -v names=" $* " '/^Package: / { there = index(names, " " $2 " ") }
    /^Version: / && there { print "package " $2; found = 1; exit }
    END { exit !found }' /var/lib/dpkg/status
}
${RUNTIMES.map(
  ({ name, program, packages }) => `block ${name}
if path=$(command -v ${program}); then packaged "$path" ${packages} || limit 2 ${program} --version 2>/dev/null || echo unknown; fi`,
).join('\n')}
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
            version: versionOf(text),
            active: state?.active === 'active',
            enabled: state?.enabled === 'enabled',
          },
        ];
      }),
    };
  },
});

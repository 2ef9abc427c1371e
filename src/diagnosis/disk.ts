import type { CollectorValue } from '../facts/model/host-facts.js';
import { type Look, type Observation, observe } from './access.js';
import type { RuleContext } from './rule.js';

export type Disk = CollectorValue<'disks'>[number];

/** "4.2 GiB". */
export const gib = (kib: number): string => `${(kib / 1024 / 1024).toFixed(1)} GiB`;

/** Looks at each file system once per host, however many of a cluster's paths lie on it. */
export const observeDisks = (
  context: RuleContext,
  look: (disk: Disk) => { readonly text: string; readonly key?: string } | undefined,
): Observation[] =>
  observe(context, 'disks', (disks): Look[] => {
    const mounts = new Map<string, Disk>();
    for (const disk of disks) if (!mounts.has(disk.mount)) mounts.set(disk.mount, disk);
    return [...mounts.values()].flatMap((disk) => {
      const looked = look(disk);
      return looked === undefined ? [] : [{ ...looked, at: disk.path }];
    });
  });

import type { BundleTools } from '../../../src/app/bundle/tools.js';
import type { DroverEvent } from '../../../src/core/events/event.js';
import type { KeyWrap } from '../../../src/core/ports/key-wrap.js';
import type { Kube } from '../../../src/core/ports/kube.js';
import { ok } from '../../../src/core/result.js';
import type { Migration } from '../../../src/spec/migration.js';
import { migrationSchema } from '../../../src/spec/schema/migration.js';
import { systemFiles } from '../../../src/system/files.js';
import { systemRandom } from '../../../src/system/random.js';
import { immediateClock } from '../../run/immediate-clock.js';

/** Tools that reach this one cluster, and what they were told. */
export const bundleRig = (
  kube: Kube,
  wrap: KeyWrap,
): { readonly tools: BundleTools; readonly events: readonly DroverEvent[] } => {
  const events: DroverEvent[] = [];
  return {
    events,
    tools: {
      connect: () => Promise.resolve(ok(kube)),
      keyWrap: () => wrap,
      registry: { ask: () => Promise.resolve({ kind: 'unknown', detail: 'offline' }) },
      clock: immediateClock(),
      random: systemRandom,
      files: systemFiles,
      env: {},
      emit: (event) => events.push(event),
      signal: new AbortController().signal,
      tool: '0.0.0',
    },
  };
};

/** A spec of kind Migration with these sections, as loading gives it. */
export const migrationOf = (spec: object): Migration => {
  const head = { apiVersion: 'drover/v1', kind: 'Migration', metadata: { name: 'move' } };
  return {
    name: 'move',
    spec: migrationSchema.parse({ ...head, spec }).spec,
    hash: 'h',
    file: 'migration.yaml',
    locate: () => undefined,
  };
};

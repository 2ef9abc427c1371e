import { type Carried, carry, type SourceObject } from '../../bundle/carry/carry.js';
import type { Bundle } from '../../bundle/store/read.js';
import { defaultTransforms } from '../../bundle/transform/defaults.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import { mapAtOnce } from '../../core/map-at-once.js';
import { err, ok, partition, type Result } from '../../core/result.js';
import type { Migration } from '../../spec/migration.js';
import type { Reached } from './export.js';
import { secretInputs } from './secrets.js';
import { targetClasses } from './target-classes.js';
import type { BundleTools } from './tools.js';

/** Files read at the same time. */
const AT_ONCE = 64;

/** All objects of a bundle with their UIDs, opened; in memory only. */
export const sourceObjects = async (
  bundle: Bundle,
): Promise<Result<readonly SourceObject[], DroverError>> => {
  const read = await mapAtOnce(
    bundle.index.entries,
    AT_ONCE,
    async (entry): Promise<Result<SourceObject, DroverError>> => {
      const object = await bundle.object(entry);
      return object.ok ? ok({ object: object.value, uid: entry.uid }) : object;
    },
  );
  const { values, errors } = partition(read);
  return errors[0] === undefined ? ok(values) : err(errors[0]);
};

/** A bundle's objects as this target shall have them: by the spec, its secrets from outside, and default rules. */
export const carryBundle = async (
  bundle: Bundle,
  migration: Migration,
  { kube, identity }: Reached,
  tools: BundleTools,
): Promise<Result<Carried, DroverErrors>> => {
  const objects = await sourceObjects(bundle);
  if (!objects.ok) return err([objects.error]);
  const inputs = await secretInputs(migration, tools);
  if (!inputs.ok) return inputs;
  const { select, transforms } = migration.spec;
  const classes = await targetClasses(kube, identity, tools.signal);
  if (!classes.ok) return err([classes.error]);
  const defaults = select.distributionRules
    ? defaultTransforms(
        bundle.index.source.distribution,
        classes.value,
        objects.value.map(({ object }) => object),
      )
    : [];
  return ok(carry({ objects: objects.value, inputs: inputs.value, transforms, defaults }));
};

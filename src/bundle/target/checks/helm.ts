import { count } from '../../../core/text.js';
import type { BundleFinding } from '../../model/report.js';
import type { TargetCheck } from '../model.js';

const releaseOf = (annotations: Readonly<Record<string, string>> | undefined): string | undefined => {
  const name = annotations?.['meta.helm.sh/release-name'];
  const namespace = annotations?.['meta.helm.sh/release-namespace'];
  return name === undefined || namespace === undefined ? undefined : `${namespace}/${name}`;
};

/** Records of Helm releases still show what their objects were before they were transformed. */
export const helmRecords: TargetCheck = ({ carried }) => {
  const stale = new Map<string, number>();
  for (const { key, object } of carried.objects) {
    const release = carried.changed.has(key) ? releaseOf(object.metadata.annotations) : undefined;
    if (release !== undefined) stale.set(release, (stale.get(release) ?? 0) + 1);
  }
  return carried.objects
    .filter(({ object }) => object['type'] === 'helm.sh/release.v1')
    .flatMap(({ key, object }): BundleFinding[] => {
      const release = `${object.metadata.namespace ?? ''}/${object.metadata.labels?.['name'] ?? ''}`;
      const objects = stale.get(release);
      return objects === undefined
        ? []
        : [
            {
              code: 'helm-record-stale',
              severity: 'warning',
              object: key,
              message: `transforms change ${count(objects, 'object')} of the release ${release}; its record still shows them as they were`,
              hint: 'after the restore: helm upgrade with values that say the same as the transforms',
            },
          ];
    });
};

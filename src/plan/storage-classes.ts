import { didYouMean } from '../core/did-you-mean.js';
import type { DroverError } from '../core/error.js';
import { sentence } from '../core/text.js';
import type { ClusterFacts } from '../facts/cluster/cluster-facts.js';
import type { Cluster } from '../spec/cluster.js';
import { formatPath, type Path } from '../spec/path.js';

/** What K3s’ provisioner calls its class. */
const LOCAL = 'local-path';

interface Classes {
  readonly names: readonly string[];
  readonly hasDefault: boolean;
  /** Others may come with charts: the cluster is not there yet. */
  readonly open: boolean;
}

const classesOf = ({ spec }: Cluster, facts: ClusterFacts | undefined): Classes => {
  const { enabled, defaultClass } = spec.addons.localPath;
  const live = facts?.classes ?? [];
  return {
    names: [...new Set([...live.map(({ name }) => name), ...(enabled ? [LOCAL] : [])])],
    hasDefault: (enabled && defaultClass) || live.some((each) => each.default),
    open: facts === undefined,
  };
};

const problem = (
  volume: { readonly application: string; readonly name: string; readonly className?: string | undefined },
  { names, hasDefault, open }: Classes,
): Pick<DroverError, 'message' | 'label' | 'hint'> | undefined => {
  const { application, name, className } = volume;
  const known = names.length === 0 ? 'there is none' : `there is ${sentence(names)}`;
  if (className === undefined)
    return hasDefault
      ? undefined
      : {
          message: `the volume ${name} of ${application} names no storage class, and no class is the default`,
          hint: `name one (${known}), or set addons.localPath.enabled: true`,
        };
  if (names.includes(className) || open) return undefined;
  const near = didYouMean(className, names);
  return {
    message: `there is no storage class ${className} for the volume ${name} of ${application}`,
    ...(near === undefined ? {} : { label: `did you mean ${near}?` }),
    hint: `use another one (${known}), or bring it with a chart first`,
  };
};

/** Volumes of applications that nothing would ever make: they would stay pending, and their pods with them. */
export const missingClasses = (cluster: Cluster, facts: ClusterFacts | undefined): readonly DroverError[] => {
  const classes = classesOf(cluster, facts);
  return cluster.spec.applications.flatMap((application, i) =>
    (application.enabled ? application.storage : []).flatMap((volume, j) => {
      const found = problem({ ...volume, application: application.name }, classes);
      if (found === undefined) return [];
      const path: Path = ['spec', 'applications', i, 'storage', j];
      const place = volume.className === undefined ? [...path, 'name'] : [...path, 'className'];
      const location = cluster.locate(formatPath(place));
      return [
        {
          code: 'plan-storage-class',
          ...found,
          ...(location === undefined ? {} : { location }),
          state: 'nothing was changed',
        },
      ];
    }),
  );
};

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

interface WantedVolume {
  readonly application: string;
  readonly name: string;
  readonly className?: string | undefined;
  /** Where the spec names the class, or else the volume. */
  readonly place: Path;
}

const problem = (
  volume: Omit<WantedVolume, 'place'>,
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

const ofApplications = ({ spec }: Cluster): readonly WantedVolume[] =>
  spec.applications.flatMap(({ enabled, storage, name: application }, i) =>
    (enabled ? storage : []).map(({ name, className }, j) => ({
      application,
      name,
      className,
      place: [...['spec', 'applications', i, 'storage', j], className === undefined ? 'name' : 'className'],
    })),
  );

const ofMonitoring = ({ spec: { monitoring } }: Cluster): readonly WantedVolume[] => {
  const { storageClass } = monitoring;
  const place = ['spec', 'monitoring', storageClass === undefined ? 'enabled' : 'storageClass'];
  return monitoring.enabled
    ? [{ application: 'Prometheus', name: 'prometheus', className: storageClass, place }]
    : [];
};

/** Volumes that nothing would ever make: they would stay pending, and their pods with them. */
export const missingClasses = (cluster: Cluster, facts: ClusterFacts | undefined): readonly DroverError[] => {
  const classes = classesOf(cluster, facts);
  return [...ofApplications(cluster), ...ofMonitoring(cluster)].flatMap((volume) => {
    const found = problem(volume, classes);
    if (found === undefined) return [];
    const location = cluster.locate(formatPath(volume.place));
    return [
      {
        code: 'plan-storage-class',
        ...found,
        ...(location === undefined ? {} : { location }),
        state: 'nothing was changed',
      },
    ];
  });
};

import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import type { Change } from '../change.js';

/** The add-ons that K3s brings along, by the name of their Deployment in kube-system. */
export const PACKAGED = {
  coredns: 'coredns',
  metricsServer: 'metrics-server',
  localPath: 'local-path-provisioner',
} as const;
export type AddonId = keyof typeof PACKAGED;
export const ADDON_IDS = Object.keys(PACKAGED) as readonly AddonId[];

/** Name of the class of local volumes. */
export const LOCAL_CLASS = 'local-path';

export type AddonsParams = {
  readonly enabled: { readonly [id in AddonId]: boolean };
  /** Of CoreDNS; null = as K3s makes it. */
  readonly replicas: number | null;
  /** Whether the class of local volumes is the one that claims get which name none. */
  readonly defaultClass: boolean;
  /** Folder of local volumes on the hosts; null = as K3s makes it. */
  readonly folder: string | null;
  /** Pods can run: K3s brings the network itself. */
  readonly network: boolean;
};

export type AddonsState = {
  /** Replicas of those that K3s has deployed; one of somebody else under the same name is none. */
  readonly replicas: { readonly [id in AddonId]: number | null };
  /** null = there is no such class. */
  readonly defaultClass: boolean | null;
  readonly folder: string | null;
};

export const ABSENT: AddonsState = {
  replicas: { coredns: null, metricsServer: null, localPath: null },
  defaultClass: null,
  folder: null,
};

export const addonsState = ({ workloads, classes, localFolder }: ClusterFacts): AddonsState => {
  const replicasOf = (id: AddonId): number | null =>
    workloads.find(
      ({ kind, namespace, name, packaged }) =>
        kind === 'Deployment' && namespace === 'kube-system' && name === PACKAGED[id] && packaged === true,
    )?.wanted ?? null;
  return {
    replicas: {
      coredns: replicasOf('coredns'),
      metricsServer: replicasOf('metricsServer'),
      localPath: replicasOf('localPath'),
    },
    defaultClass: classes.find(({ name }) => name === LOCAL_CLASS)?.default ?? null,
    folder: localFolder ?? null,
  };
};

const presence = ({ replicas }: AddonsState, { enabled }: AddonsParams): Change[] =>
  ADDON_IDS.filter((id) => enabled[id] === (replicas[id] === null)).map((id) => ({
    kind: enabled[id] ? 'add' : 'remove',
    what: PACKAGED[id],
  }));

/** What of the spec's add-ons does not hold yet. */
export const addonChanges = (state: AddonsState, params: AddonsParams): Change[] => {
  const { enabled, replicas, defaultClass, folder } = params;
  const now = state.replicas.coredns;
  const changes = presence(state, params);
  if (enabled.coredns && replicas !== null && now !== replicas)
    changes.push({
      kind: 'change',
      what: 'replicas of coredns',
      ...(now === null ? {} : { before: `${now}` }),
      after: `${replicas}`,
    });
  // A class that comes with K3s is the default one.
  if (enabled.localPath && (state.defaultClass ?? true) !== defaultClass)
    changes.push({
      kind: 'change',
      what: `class ${LOCAL_CLASS}`,
      after: defaultClass ? 'default' : 'not default',
    });
  if (enabled.localPath && folder !== null && state.folder !== folder)
    changes.push({
      kind: 'change',
      what: 'folder of local volumes',
      ...(state.folder === null ? {} : { before: state.folder }),
      after: folder,
    });
  return changes;
};

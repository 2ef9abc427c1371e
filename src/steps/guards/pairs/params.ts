/** What `network.pairs` is told by the plan. A type alias is JSON, an interface is not. */
export type PairsParams = {
  /** Between two samples of one subject. Clusters of more than a dozen nodes are sampled in turn. */
  readonly everyMs: number;
  /** Image with sh, ln and chroot (busybox); as with `verify`, a node that has it pulls nothing. */
  readonly image: string;
  readonly nodes: string[];
  readonly services: {
    /** Address of the cluster’s DNS. */
    readonly dns: string;
    /** Name that the DNS must know. */
    readonly name: string;
    /** Something outside the cluster that answers on TCP; null = the spec names nothing. */
    readonly out: { readonly host: string; readonly port: number } | null;
  };
  /** A node from which nothing at all was heard for so long is watched no more: that breaks the guard. */
  readonly blindMs: number;
};

/** What is watched, by who asks. */
export type SubjectKind = 'pod' | 'host' | 'clusterip' | 'dns' | 'out';

export const pairSubject = (kind: 'pod' | 'host', from: string, to: string): string =>
  `${kind}:${from}→pod:${to}`;

export const serviceSubject = (kind: 'clusterip' | 'dns' | 'out', from: string): string => `${kind}:${from}`;

/** All subjects of a set of nodes: every ordered pair of pods, every host to every pod, and the services of every pod. */
export const subjectsOf = ({ nodes, services }: Pick<PairsParams, 'nodes' | 'services'>): string[] => {
  const kinds =
    services.out === null ? (['clusterip', 'dns'] as const) : (['clusterip', 'dns', 'out'] as const);
  return nodes.flatMap((from) => [
    ...nodes.filter((to) => to !== from).map((to) => pairSubject('pod', from, to)),
    ...nodes.map((to) => pairSubject('host', from, to)),
    ...kinds.map((kind) => serviceSubject(kind, from)),
  ]);
};

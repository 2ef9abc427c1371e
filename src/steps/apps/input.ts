import type { KubeObject } from '../../core/ports/kube.js';
import type { Cluster } from '../../spec/cluster.js';

export type Application = Cluster['spec']['applications'][number];

/** What applications are rendered from: the spec, and what is known of the nodes. */
export interface AppsInput {
  readonly cluster: Cluster;
  /** Nodes of the cluster with the ranges of their pods: traffic of the host network comes from there. */
  readonly nodes: readonly { readonly name: string; readonly podRange?: string | undefined }[];
  /** Present in a lab alone: no image of an application is there. */
  readonly lab?: {
    /** Image that stands in for all of them. */
    readonly standIn: string;
    /** Image that stands in for that of Vault's agent. */
    readonly vault: string;
    /** External hosts of the spec that this lab does not have. */
    readonly absent: readonly string[];
  };
}

/** How an application and its objects are called and found. */
const NAME_LABEL = 'app.kubernetes.io/name';
const MODULE_ANNOTATION = 'drover.dev/module';

export const selectorOf = ({ name }: Application): Record<string, string> => ({ [NAME_LABEL]: name });

/** Metadata of an object of an application. */
export const metaOf = (
  application: Application,
  name = application.name,
  annotations: Readonly<Record<string, string>> = {},
): KubeObject['metadata'] => {
  const all = {
    ...(application.module === undefined ? {} : { [MODULE_ANNOTATION]: application.module }),
    ...annotations,
  };
  return {
    name,
    namespace: application.namespace,
    labels: { ...selectorOf(application), 'app.kubernetes.io/managed-by': 'drover' },
    ...(Object.keys(all).length === 0 ? {} : { annotations: all }),
  };
};

export const enabledApps = ({ spec }: Cluster): readonly Application[] =>
  spec.applications.filter(({ enabled }) => enabled);

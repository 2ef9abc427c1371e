/** What the Kubernetes API of the cluster told, at one moment. */
export interface ClusterFacts {
  /** ISO 8601. */
  readonly at: string;
  /** UID of the namespace `kube-system`: what identifies a cluster. */
  readonly uid: string;
}

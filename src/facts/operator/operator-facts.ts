/** What the context of a cluster in a kubeconfig is worth now. */
export interface ContextFacts {
  /** See `FoundContext.origin`. */
  readonly origin: 'made' | 'edited' | 'foreign';
  /** Over what stands there; the content itself is a secret. */
  readonly digest: string;
  /** URL of the API that it leads to; empty = none. */
  readonly server: string;
  /** Whether that API takes its certificate and answers. */
  readonly answers: boolean;
  /** The load balancer that it does not lead to, when that one answers to the same keys. */
  readonly balancer: string | null;
}

/** The kubeconfig that a context of this cluster belongs in. */
export interface KubeconfigFacts {
  /** Absolute. */
  readonly path: string;
  readonly context: ContextFacts | null;
  /** Name of the current context. */
  readonly current: string | null;
}

/** What the operator's own machine has. It belongs to no host of the cluster. */
export interface OperatorFacts {
  /** Absent = the file is there, but cannot be read. */
  readonly kubeconfig?: KubeconfigFacts;
  /** SHA-256 of files that were fetched before and are kept. */
  readonly artifacts: readonly string[];
  /** Handles of secrets that are kept. */
  readonly secrets: readonly string[];
}

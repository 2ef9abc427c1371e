/** Parameters of `sets.apply`. A type alias is JSON, an interface is not. */
export type SetParams = {
  /** Name of the set. */
  readonly set: string;
  /** {@link setDigest} of the set that the plan was made for. */
  readonly digest: string;
  /** How many objects it has; none = it is wanted no more. */
  readonly objects: number;
  /** How long its workloads may take to get ready, in milliseconds. */
  readonly readyMs: number;
};

import type { Kube } from '../core/ports/kube.js';

/** What looking at a cluster may use: nothing of it writes, runs commands in pods or opens connections to them. */
export type KubeReads = Pick<
  Kube,
  'target' | 'version' | 'discover' | 'get' | 'list' | 'watch' | 'logs' | 'raw'
>;

/** A view that cannot change anything, also when a caller ignores types (invariant 1). */
export const readingOnly = (kube: Kube): KubeReads => ({
  target: kube.target,
  version: (options) => kube.version(options),
  discover: (options) => kube.discover(options),
  get: (ref, options) => kube.get(ref, options),
  list: (resource, options) => kube.list(resource, options),
  watch: (resource, options) => kube.watch(resource, options),
  logs: (pod, options) => kube.logs(pod, options),
  raw: (path, options) => kube.raw(path, options),
});

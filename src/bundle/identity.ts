import type { DroverError } from '../core/error.js';
import type { CallOptions, Kube, KubeFailure, KubeFailureKind } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';

/** What a cluster is, whatever it is called. */
export interface ClusterIdentity {
  readonly server: string;
  readonly context: string;
  /** UID of the namespace kube-system. */
  readonly uid: string;
  readonly version: string;
  readonly distribution: 'k3s' | 'rke2' | 'kubeadm' | 'other';
}

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps' };

const distributionOf = async (
  kube: Kube,
  version: string,
  options: CallOptions,
): Promise<ClusterIdentity['distribution']> => {
  if (/\+k3s\d/.test(version)) return 'k3s';
  if (/\+rke2/.test(version)) return 'rke2';
  const found = await kube.get(
    { resource: CONFIG_MAPS, namespace: 'kube-system', name: 'kubeadm-config' },
    options,
  );
  return found.ok ? 'kubeadm' : 'other';
};

/** Failures that have nothing to do with what was asked for, and what helps. */
const HINTS: Readonly<Partial<Record<KubeFailureKind, string>>> = {
  unreachable: '`drover doctor --context NAME` asks the same API; --kubeconfig and --context choose another',
  'timed-out': '`drover doctor --context NAME` asks the same API',
  tls: 'fetch a new kubeconfig from the cluster; its certificate is always checked',
  unauthorized: 'log in again, or fetch a new kubeconfig',
};

/** A failure of the API as a user meets it. `code` is for failures that concern what was asked for. */
export const kubeError = (
  code: string,
  what: string,
  { kind, message, status }: KubeFailure,
): DroverError => {
  const hint = HINTS[kind];
  return {
    code: hint === undefined ? code : `kube-${kind}`,
    message: what,
    cause: status === undefined ? message : `${message} (HTTP ${status})`,
    state: 'nothing was changed',
    ...(hint === undefined ? {} : { hint }),
  };
};

/** Asks a cluster who it is; refuses when the spec pins another one. */
export const identify = async (
  kube: Kube,
  pinned: string | undefined,
  options: CallOptions = {},
): Promise<Result<ClusterIdentity, DroverError>> => {
  const [version, namespace] = await Promise.all([
    kube.version(options),
    kube.get({ resource: NAMESPACES, name: 'kube-system' }, options),
  ]);
  const { server, context } = kube.target;
  const what = `${context} at ${server} cannot be asked who it is`;
  if (!version.ok) return err(kubeError('export-api', what, version.error));
  if (!namespace.ok) return err(kubeError('export-api', what, namespace.error));
  const uid = namespace.value.metadata.uid ?? '';
  if (pinned !== undefined && pinned !== uid)
    return err({
      code: 'cluster-identity',
      message: `${context} at ${server} is not the cluster that the spec names`,
      cause: `its identity is ${uid}, the spec wants ${pinned}`,
      state: 'nothing was done',
      hint: 'choose the right context, or correct the uid in the spec',
    });
  const { gitVersion } = version.value;
  return ok({
    server,
    context,
    uid,
    version: gitVersion,
    distribution: await distributionOf(kube, gitVersion, options),
  });
};

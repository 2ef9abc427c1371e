import { type Exported, exportBundle } from '../../bundle/export/export.js';
import { type ClusterIdentity, identify, kubeError } from '../../bundle/identity.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import type { Kube, KubeResource } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { ClusterAccess } from '../../spec/schema/migration.js';
import type { BundleTools } from './tools.js';

export interface ExportRequest {
  readonly source: ClusterAccess;
  readonly target: ClusterAccess | undefined;
  readonly folder: string;
  readonly namespaces: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly nodePorts: 'own' | 'all';
  readonly distributionRules: boolean;
  readonly recipients: readonly string[];
}

/** A connection and who answers there. The caller closes it. */
export interface Reached {
  readonly kube: Kube;
  readonly identity: ClusterIdentity;
}

/** Connects, tells which cluster that is, and refuses another one than the spec pins. */
export const reach = async (
  access: ClusterAccess,
  role: 'Source' | 'Target',
  tools: BundleTools,
): Promise<Result<Reached, DroverError>> => {
  const kube = await tools.connect(access);
  if (!kube.ok) return kube;
  const identity = await identify(kube.value, access.uid, { signal: tools.signal });
  if (!identity.ok) {
    kube.value.close();
    return identity;
  }
  const { context, server, uid, version } = identity.value;
  tools.emit({
    type: 'note',
    level: 'info',
    text: `${role}: ${context} at ${server}, Kubernetes ${version}, identity ${uid}`,
  });
  return ok({ kube: kube.value, identity: identity.value });
};

interface TargetKinds {
  readonly kinds: readonly KubeResource[];
  readonly isK3s: boolean;
}

const targetKinds = async (
  request: ExportRequest,
  tools: BundleTools,
): Promise<Result<TargetKinds | undefined, DroverError>> => {
  if (request.target === undefined) return ok(undefined);
  const target = await reach(request.target, 'Target', tools);
  if (!target.ok) return target;
  const { kube, identity } = target.value;
  try {
    const kinds = await kube.discover({ signal: tools.signal });
    if (!kinds.ok) return err(kubeError('export-api', 'the kinds of the target cannot be read', kinds.error));
    const isK3s = ['k3s', 'rke2'].includes(identity.distribution);
    return ok({ kinds: kinds.value, isK3s: isK3s || !request.distributionRules });
  } finally {
    kube.close();
  }
};

const manyErrors = ([first, ...rest]: readonly DroverError[]): DroverErrors => {
  if (first === undefined) throw new Error('an export failed without saying why');
  return [first, ...rest];
};

/** Exports a cluster's objects into a bundle. Reads the cluster alone; changes nothing there. */
export const runExport = async (
  request: ExportRequest,
  tools: BundleTools,
): Promise<Result<Exported, DroverErrors>> => {
  const target = await targetKinds(request, tools);
  if (!target.ok) return err([target.error]);
  const source = await reach(request.source, 'Source', tools);
  if (!source.ok) return err([source.error]);
  const begun = tools.clock.monotonic();
  const { kube, identity } = source.value;
  tools.emit({ type: 'phase-start', phase: 'export', title: `Exporting ${identity.context}` });
  try {
    const exported = await exportBundle({
      ...request,
      kube,
      source: identity,
      target: target.value,
      wrap: tools.keyWrap(request.recipients),
      random: tools.random,
      clock: tools.clock,
      tool: tools.tool,
      signal: tools.signal,
      progress: (kinds, of, objects) => {
        tools.emit({
          type: 'waiting',
          what: `${kinds} of ${of} kinds, ${objects} objects`,
          sinceMs: tools.clock.monotonic() - begun,
        });
      },
    });
    const durationMs = tools.clock.monotonic() - begun;
    tools.emit({ type: 'phase-done', phase: 'export', title: 'Exported', durationMs });
    return exported.ok ? exported : err(manyErrors(exported.error));
  } finally {
    kube.close();
  }
};

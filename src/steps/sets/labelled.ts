import pLimit from 'p-limit';
import { ownersOf } from '../../bundle/leave-out/owners.js';
import { kindName } from '../../bundle/model/object-id.js';
import type { Kube, KubeFailure, KubeObject, KubeResource } from '../../core/ports/kube.js';
import { err, ok, partition, type Result } from '../../core/result.js';
import { SET_ANNOTATION, SET_LABEL, setLabel } from './object-set.js';

/** An object that bears the label of a set. */
export interface Labelled {
  readonly set: string;
  readonly resource: KubeResource;
  readonly object: KubeObject;
}

/** Never part of a set, and many: computed, or made by controllers from others with their labels. */
const COMPUTED = new Set([
  'Node',
  'Event',
  'Event.events.k8s.io',
  'Endpoints',
  'Lease.coordination.k8s.io',
  'ControllerRevision.apps',
  'CSINode.storage.k8s.io',
  'CertificateSigningRequest.certificates.k8s.io',
]);
const AT_ONCE = 12;

const isAsked = ({ preferred, verbs, group, kind }: KubeResource): boolean =>
  preferred && verbs.includes('list') && verbs.includes('delete') && !COMPUTED.has(kindName({ group, kind }));

const listed = async (
  { kube, signal }: { readonly kube: Pick<Kube, 'list'>; readonly signal: AbortSignal },
  resource: KubeResource,
  labelSelector: string,
): Promise<Result<readonly Labelled[], KubeFailure>> => {
  const found: Labelled[] = [];
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  for await (const page of kube.list(resource, { labelSelector, signal })) {
    // A kind that goes away, or that nobody may read, has nothing of ours.
    if (!page.ok && ['not-found', 'forbidden'].includes(page.error.kind)) break;
    if (!page.ok) return page;
    for (const item of page.value.items) {
      const set = item.metadata.annotations?.[SET_ANNOTATION];
      if (set === undefined || item.metadata.labels?.[SET_LABEL] !== setLabel(set)) continue;
      if (ownersOf(item).length > 0 || item.metadata['deletionTimestamp'] !== undefined) continue;
      // Items of a list do not always say what they are.
      found.push({ set, resource, object: { ...item, apiVersion, kind: resource.kind } });
    }
  }
  return ok(found);
};

/** Everything in the cluster that bears the label of a set: of this one, or of any. */
export const labelledObjects = async (
  source: { readonly kube: Pick<Kube, 'list'>; readonly signal: AbortSignal },
  kinds: readonly KubeResource[],
  set?: string,
): Promise<Result<readonly Labelled[], KubeFailure>> => {
  const selector = set === undefined ? SET_LABEL : `${SET_LABEL}=${setLabel(set)}`;
  const limit = pLimit(AT_ONCE);
  const pages = await Promise.all(
    kinds.filter(isAsked).map((kind) => limit(() => listed(source, kind, selector))),
  );
  const { values, errors } = partition(pages);
  const [failed] = errors;
  return failed === undefined ? ok(values.flat()) : err(failed);
};

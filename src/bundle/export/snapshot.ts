import pLimit from 'p-limit';
import type { DroverError } from '../../core/error.js';
import type { Kube, KubeFailure, KubeObject, KubeResource } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import { kubeError } from '../identity.js';
import { kindName } from '../model/object-id.js';

export interface SnapshotInput {
  readonly kube: Kube;
  /** Which cluster that is, for messages. */
  readonly role: 'source' | 'target';
  readonly kinds: readonly KubeResource[];
  /** Empty = the whole cluster. */
  readonly namespaces: readonly string[];
  /** Lists at the same time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Takes every object once. Awaited, so that reading never runs ahead of writing. */
  readonly take: (object: KubeObject, resource: KubeResource) => Promise<void>;
  /** History was lost half-way: forget everything taken so far. */
  readonly restart: () => void;
  readonly progress: (kind: string) => void;
}

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };
const ROUNDS = 3;

interface Failed {
  readonly resource: KubeResource;
  readonly failure: KubeFailure;
}

/** The present version of the API's store. */
const presentVersion = async (input: SnapshotInput): Promise<Result<string, KubeFailure>> => {
  for await (const page of input.kube.list(NAMESPACES, { pageSize: 1, signal: input.signal }))
    return page.ok ? ok(page.value.resourceVersion) : page;
  return ok('');
};

/** Aggregated APIs have a store of their own, which knows nothing of versions of this one. */
const isForeignStore = ({ kind, status }: KubeFailure): boolean => kind === 'invalid' && status === 400;

const listKind = async (
  input: SnapshotInput,
  resource: KubeResource,
  where: { readonly namespace?: string; readonly resourceVersion?: string },
): Promise<KubeFailure | undefined> => {
  for await (const page of input.kube.list(resource, { ...where, signal: input.signal })) {
    if (!page.ok) {
      const { resourceVersion, ...rest } = where;
      return resourceVersion !== undefined && isForeignStore(page.error)
        ? listKind(input, resource, rest)
        : page.error;
    }
    for (const object of page.value.items) await input.take(object, resource);
  }
  return undefined;
};

const listAll = async (input: SnapshotInput, resourceVersion: string): Promise<readonly Failed[]> => {
  const limit = pLimit(input.concurrency);
  const failed: Failed[] = [];
  const places = (resource: KubeResource): readonly { readonly namespace?: string }[] =>
    resource.namespaced && input.namespaces.length > 0
      ? input.namespaces.map((namespace) => ({ namespace }))
      : [{}];
  await Promise.all(
    input.kinds.flatMap((resource) =>
      places(resource).map((place) =>
        limit(async () => {
          if (failed.some(({ failure }) => failure.kind !== 'forbidden')) return;
          const failure = await listKind(input, resource, { ...place, resourceVersion });
          if (failure === undefined) input.progress(kindName(resource));
          else failed.push({ resource, failure });
        }),
      ),
    ),
  );
  return failed;
};

const errorOf = (failed: readonly Failed[], role: SnapshotInput['role']): DroverError => {
  const forbidden = failed.filter(({ failure }) => failure.kind === 'forbidden');
  const other = failed.find(({ failure }) => failure.kind !== 'forbidden');
  if (other !== undefined)
    return {
      ...kubeError(
        'export-api',
        `${kindName(other.resource)} of the ${role} cannot be listed`,
        other.failure,
      ),
      state: 'nothing was written',
    };
  const kinds = [...new Set(forbidden.map(({ resource }) => kindName(resource)))].sort();
  return {
    code: 'export-forbidden',
    message: `the account may not list ${sentence(kinds, 12)}${role === 'source' ? '' : ' on the target'}`,
    cause: forbidden[0]?.failure.message ?? '',
    state: 'nothing was written',
    hint: 'give the account get and list, or leave the kinds out with --exclude',
  };
};

/**
 * Gives every object of the kinds as all of them were at one moment: all lists are read at the same version. Returns
 * that version.
 */
export const snapshot = async (input: SnapshotInput): Promise<Result<string, DroverError>> => {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const version = await presentVersion(input);
    if (!version.ok) return err(kubeError('export-api', `the ${input.role} cannot be read`, version.error));
    const failed = await listAll(input, version.value);
    if (failed.length === 0) return ok(version.value);
    if (!failed.some(({ failure }) => failure.kind === 'gone')) return err(errorOf(failed, input.role));
    input.restart();
  }
  return err({
    code: 'export-moving',
    message: `the ${input.role} forgot its history ${ROUNDS} times while it was read`,
    state: 'nothing was written',
    hint: 'export fewer namespaces at once',
  });
};

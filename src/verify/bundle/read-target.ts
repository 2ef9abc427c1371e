import { snapshot } from '../../bundle/export/snapshot.js';
import { kubeError } from '../../bundle/identity.js';
import { isLeftOutKind } from '../../bundle/leave-out/kinds.js';
import type { CarriedObject } from '../../bundle/model/carried-object.js';
import { groupOf, idOf, kindName } from '../../bundle/model/object-id.js';
import type { DroverError } from '../../core/error.js';
import type { Kube, KubeObject, KubeResource } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';

export interface TargetInput {
  readonly kube: Kube;
  readonly expected: readonly CarriedObject[];
  /** Kinds that were not to be carried, `Kind.group` or `Kind`; not empty `include` = only those that the bundle has. */
  readonly select: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  readonly signal: AbortSignal;
  readonly progress: (kinds: number, of: number) => void;
}

/** More namespaces than this are read as the whole cluster is. */
const FEW = 16;
const LISTS_AT_ONCE = 8;

const canBeCarried = ({ verbs }: KubeResource): boolean =>
  ['get', 'list', 'create'].every((verb) => verbs.includes(verb));

/** The kinds that an export of the target would read, each in the version that the bundle has. */
const kindsOf = (
  served: readonly KubeResource[],
  { expected, select }: TargetInput,
): readonly KubeResource[] => {
  const versions = new Map(
    expected.map(({ object }) => [kindName(idOf(object)), object.apiVersion.split('/').at(-1)]),
  );
  const excluded = new Set(select.exclude.map((word) => word.toLowerCase()));
  const isAsked = (resource: KubeResource): boolean => {
    const name = kindName(resource);
    if (versions.has(name)) return true;
    const words = [name, resource.kind, resource.plural].map((word) => word.toLowerCase());
    return select.include.length === 0 && !isLeftOutKind(name) && !words.some((word) => excluded.has(word));
  };
  const chosen = new Map<string, KubeResource>();
  for (const resource of served.filter((each) => canBeCarried(each) && isAsked(each))) {
    const name = kindName(resource);
    const isBundles = resource.version === versions.get(name);
    if (
      isBundles ||
      !chosen.has(name) ||
      (resource.preferred && chosen.get(name)?.version !== versions.get(name))
    )
      chosen.set(name, resource);
  }
  return [...chosen.values()];
};

/** Namespaces of what is expected; a Namespace counts as its own. */
const namespacesOf = (expected: readonly CarriedObject[]): ReadonlySet<string> =>
  new Set(
    expected.flatMap(({ object: { apiVersion, kind, metadata } }) =>
      kind === 'Namespace' && groupOf(apiVersion) === '' ? [metadata.name] : (metadata.namespace ?? []),
    ),
  );

/**
 * Reads what the target has of the carried kinds in the carried namespaces, all at one moment. Objects that several
 * groups serve come once.
 */
export const readTarget = async (input: TargetInput): Promise<Result<readonly KubeObject[], DroverError>> => {
  const { kube, signal } = input;
  const served = await kube.discover({ signal });
  if (!served.ok) return err(kubeError('export-api', 'the kinds of the target cannot be read', served.error));
  const kinds = kindsOf(served.value, input);
  const namespaces = namespacesOf(input.expected);
  const found = new Map<string, KubeObject>();
  let done = 0;
  const read = await snapshot({
    kube,
    role: 'target',
    kinds,
    namespaces: namespaces.size <= FEW ? [...namespaces] : [],
    concurrency: LISTS_AT_ONCE,
    signal,
    take: (object) => {
      const { namespace, uid } = object.metadata;
      if (namespace === undefined || namespaces.has(namespace)) found.set(uid ?? String(found.size), object);
      return Promise.resolve();
    },
    restart: () => {
      found.clear();
      done = 0;
    },
    progress: () => {
      done += 1;
      input.progress(done, kinds.length);
    },
  });
  return read.ok ? ok([...found.values()]) : read;
};

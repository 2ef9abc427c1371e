import { type Document, isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { digest } from './canonical.js';
import { err, ok, type Result } from './result.js';

type Members = Readonly<Record<string, unknown>>;

/** One way into a cluster. Cluster and user stand under a name of their own, so that no other context shares them. */
export interface KubeconfigEntry {
  readonly cluster: Members;
  /** Keys or tokens: a secret. */
  readonly user: Members;
}

/** What stands under the name of a context. */
export interface FoundContext {
  /** made = as Drover wrote it, edited = written by Drover and changed since, foreign = of somebody else. */
  readonly origin: 'made' | 'edited' | 'foreign';
  /** The context itself, and Drover's own cluster and user when they are there. Holds secrets. */
  readonly parts: { readonly context: Members; readonly cluster?: Members; readonly user?: Members };
  /** Over the parts, without the namespace that people set in a context. */
  readonly digest: string;
}

/** Where a kubeconfig cannot be understood, in the parser's words, which never show a value. */
export interface KubeconfigProblem {
  readonly line?: number;
  readonly detail: string;
}

const EXTENSION = 'drover.dev';

/** Under this name Drover keeps cluster and user of a context. */
const ownName = (context: string): string => `drover:${context}`;

const seal = ({ cluster, user }: KubeconfigEntry): string => digest([cluster, user]);

const parse = (text: string): Result<Document, KubeconfigProblem> => {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line;
    return err({ ...(line === undefined ? {} : { line }), detail: problem.code });
  }
  if (document.contents === null || isMap(document.contents)) return ok(document);
  return err({ line: 1, detail: 'it is no mapping' });
};

const LISTS = { contexts: 'context', clusters: 'cluster', users: 'user' } as const;
type List = keyof typeof LISTS;

const listOf = (document: Document, list: List): YAMLSeq | undefined => {
  const found = document.get(list, true);
  return isSeq(found) ? found : undefined;
};

const indexOf = (document: Document, list: List, name: string): number =>
  listOf(document, list)?.items.findIndex((item) => isMap(item) && item.get('name') === name) ?? -1;

const partOf = (document: Document, list: List, name: string): Members | undefined => {
  const at = indexOf(document, list, name);
  if (at < 0) return undefined;
  const value: unknown = (document.toJS() as Record<List, readonly Members[]>)[list][at]?.[LISTS[list]];
  return typeof value === 'object' && value !== null ? (value as Members) : {};
};

const putPart = (document: Document, list: List, name: string, part: Members): void => {
  const item = document.createNode({ name, [LISTS[list]]: part });
  const at = indexOf(document, list, name);
  if (at >= 0) document.setIn([list, at], item);
  else if (listOf(document, list) === undefined) document.set(list, document.createNode([item]));
  else document.addIn([list], item);
};

const dropPart = (document: Document, list: List, name: string): void => {
  const at = indexOf(document, list, name);
  if (at >= 0) document.deleteIn([list, at]);
};

const textOf = (document: Document): string => document.toString({ lineWidth: 0 });

const empty = (): Document => parseDocument('apiVersion: v1\nkind: Config\n');

const sealOf = ({ extensions }: Members): unknown =>
  Array.isArray(extensions)
    ? (
        extensions as readonly {
          readonly name?: string;
          readonly extension?: { readonly digest?: unknown };
        }[]
      )
        .filter(({ name }) => name === EXTENSION)
        .map(({ extension }) => extension?.digest)[0]
    : undefined;

const originOf = (name: string, parts: FoundContext['parts']): FoundContext['origin'] => {
  const own = ownName(name);
  const { context, cluster, user } = parts;
  if (context['cluster'] !== own || context['user'] !== own) return 'foreign';
  return cluster !== undefined && user !== undefined && sealOf(context) === seal({ cluster, user })
    ? 'made'
    : 'edited';
};

/** What a kubeconfig has under the name of a context; undefined = nothing. Pure. */
export const findContext = (
  text: string,
  name: string,
): Result<
  { readonly found: FoundContext | undefined; readonly current: string | undefined },
  KubeconfigProblem
> => {
  const document = parse(text);
  if (!document.ok) return document;
  const context = partOf(document.value, 'contexts', name);
  const now: unknown = document.value.get('current-context');
  const current = typeof now === 'string' && now !== '' ? now : undefined;
  if (context === undefined) return ok({ found: undefined, current });
  const cluster = partOf(document.value, 'clusters', ownName(name));
  const user = partOf(document.value, 'users', ownName(name));
  const parts = { context, ...(cluster && { cluster }), ...(user && { user }) };
  const { namespace, ...rest } = context;
  return ok({
    found: { origin: originOf(name, parts), parts, digest: digest([rest, cluster ?? null, user ?? null]) },
    current,
  });
};

/**
 * Puts a context in, or another in its place, and makes it the current one where there is none, or in any case with
 * `take`. Pure.
 */
export const withContext = (
  text: string | undefined,
  name: string,
  entry: KubeconfigEntry & { readonly take?: boolean },
): Result<string, KubeconfigProblem> => {
  const parsed = text === undefined || text.trim() === '' ? ok(empty()) : parse(text);
  if (!parsed.ok) return parsed;
  const document = parsed.value.contents === null ? empty() : parsed.value;
  const own = ownName(name);
  const before = partOf(document, 'contexts', name);
  // A person may have chosen a namespace in the context that Drover wrote: that stays.
  const namespace = before?.['cluster'] === own ? before['namespace'] : undefined;
  putPart(document, 'clusters', own, entry.cluster);
  putPart(document, 'users', own, entry.user);
  putPart(document, 'contexts', name, {
    cluster: own,
    user: own,
    ...(namespace === undefined ? {} : { namespace }),
    extensions: [{ name: EXTENSION, extension: { digest: seal(entry) } }],
  });
  const current: unknown = document.get('current-context');
  if (entry.take === true || typeof current !== 'string' || current === '')
    document.set('current-context', name);
  return ok(textOf(document));
};

/**
 * Puts back what stood under a name: `parts` undefined = nothing. `current` is set again when the name is the current
 * context. Gives null when the file then holds no context, cluster or user at all. Pure.
 */
export const withFormer = (
  text: string,
  name: string,
  former: { readonly parts: FoundContext['parts'] | undefined; readonly current: string | undefined },
): Result<string | null, KubeconfigProblem> => {
  const parsed = parse(text);
  if (!parsed.ok) return parsed;
  const document = parsed.value;
  const own = ownName(name);
  const { parts, current } = former;
  const put = (list: List, key: string, part: Members | undefined): void => {
    if (part === undefined) dropPart(document, list, key);
    else putPart(document, list, key, part);
  };
  put('contexts', name, parts?.context);
  put('clusters', own, parts?.cluster);
  put('users', own, parts?.user);
  if (document.get('current-context') === name && current !== name) {
    if (current === undefined) document.delete('current-context');
    else document.set('current-context', current);
  }
  const left = (['contexts', 'clusters', 'users'] as const).some(
    (list) => (listOf(document, list)?.items.length ?? 0) > 0,
  );
  return ok(left ? textOf(document) : null);
};

/** A kubeconfig with one context alone, for a connection that never touches the disk. Pure. */
export const soleKubeconfig = (entry: KubeconfigEntry): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'it', cluster: entry.cluster }],
    users: [{ name: 'it', user: entry.user }],
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
    'current-context': 'it',
  });

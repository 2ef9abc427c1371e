/* eslint-disable @typescript-eslint/require-await -- answers at once what a server answers later */
import { setImmediate as turn } from 'node:timers/promises';
import { applyPatch } from '../../../../src/bundle/transform/json-patch.js';
import type {
  Kube,
  KubeCause,
  KubeFailure,
  KubeObject,
  KubePage,
  KubeRef,
  ListOptions,
  WatchEvent,
  WriteOptions,
} from '../../../../src/core/ports/kube.js';
import { err, ok, type Result } from '../../../../src/core/result.js';
import type { PatchOperation } from '../../../../src/spec/schema/transforms.js';
import { mergePatched } from './field-sets.js';
import { builtInKinds } from './kinds.js';
import { afterUpdate, applied, firstOwners, type Owners } from './owners.js';
import { failure, newStore, type Store } from './store.js';

/** The one kind of selector by which values are told apart: `KEY in (A,B)`; what others leave out, callers leave out too. */
const selected =
  (selector: string | undefined) =>
  ({ metadata }: KubeObject): boolean => {
    const [, key = '', values] = /^(\S+) in \(([^)]*)\)$/.exec(selector ?? '') ?? [];
    return values === undefined || values.split(',').includes(metadata.labels?.[key] ?? '');
  };

export type Verb = 'get' | 'list' | 'apply' | 'create' | 'patch' | 'delete' | 'watch' | 'raw' | 'discover';

export interface Call {
  readonly verb: Verb;
  readonly ref: Partial<KubeRef>;
  readonly object?: KubeObject;
  readonly dryRun: boolean;
}

/** An API server in memory behind the Kube port: what tests may see and turn. */
export interface ApiServer {
  readonly kube: Kube;
  readonly store: Store;
  readonly calls: Call[];
  /** Highest number of requests that were under way at once. */
  readonly most: () => number;
  /** Fails a call; undefined = go on. Awaited, so that a call can also be held. */
  failing: (call: Call) => KubeFailure | undefined | Promise<KubeFailure | undefined>;
  /** Fields of an object that its kind does not know; refused when validation is strict. */
  unknownFields: (object: KubeObject) => readonly string[];
  /** Admission and validation: causes refuse the object (422). */
  invalid: (object: KubeObject, before: KubeObject | undefined) => readonly KubeCause[];
  /** Defaulting and controllers that answer at once: what is stored instead of what was sent. */
  settled: (object: KubeObject) => KubeObject;
  /** Puts an object there as somebody else; kubectl unless said otherwise. */
  readonly put: (object: KubeObject, manager?: string) => KubeObject;
  readonly find: (
    apiVersion: string,
    kind: string,
    name: string,
    namespace?: string,
  ) => KubeObject | undefined;
  gitVersion: string;
}

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' };

const nodeNameOf = (object: KubeObject): string =>
  (object['spec'] as { readonly nodeName?: string } | undefined)?.nodeName ?? '';

const established = (object: KubeObject): KubeObject =>
  object.kind === 'CustomResourceDefinition'
    ? { ...object, status: { conditions: [{ type: 'Established', status: 'True' }] } }
    : object;

export const apiServer = (name: string, uid = `uid-of-${name}`): ApiServer => {
  const store = newStore(name, builtInKinds);
  let under = 0;
  let most = 0;

  const put: ApiServer['put'] = (object, manager = 'kubectl-client-side-apply') => {
    const ref = store.refOf(object);
    if (!ref.ok) throw new Error(`no kind ${object.apiVersion} ${object.kind}`);
    const before = store.get(ref.value);
    const owners = afterUpdate(store.ownersOf(ref.value), manager, before, object);
    return kept(ref.value, object, owners, false);
  };

  /** A new namespace gets what the controllers put into it. */
  const furnish = (namespace: string): void => {
    const metadata = { namespace };
    put(
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, name: 'default' } },
      'kube-controller-manager',
    );
    put(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { ...metadata, name: 'kube-root-ca.crt' },
        data: { 'ca.crt': name },
      },
      'kube-controller-manager',
    );
  };

  const kept = (ref: KubeRef, object: KubeObject, owners: Owners, dryRun: boolean): KubeObject => {
    const isNew = store.get(ref) === undefined;
    const written = store.write(ref, server.settled(established(object)), owners, dryRun);
    if (isNew && !dryRun && object.kind === 'Namespace') furnish(object.metadata.name);
    return written;
  };

  const begin = async (call: Call): Promise<KubeFailure | undefined> => {
    under += 1;
    most = Math.max(most, under);
    server.calls.push(call);
    await turn();
    const refused = await server.failing(call);
    under -= 1;
    return refused;
  };

  /** What a server checks before it writes: kind, namespace, versions, unknown fields, rules. */
  const admitted = (ref: KubeRef, object: KubeObject, options: WriteOptions): KubeFailure | undefined => {
    const { group, version, plural } = ref.resource;
    if (
      !store.kinds.some((kind) => kind.group === group && kind.version === version && kind.plural === plural)
    )
      return failure('not-found', 404, 'the server could not find the requested resource');
    if (object.metadata['managedFields'] !== undefined)
      return failure('invalid', 400, 'metadata.managedFields must be nil');
    const unknown = options.fieldValidation === 'Strict' ? server.unknownFields(object) : [];
    if (unknown.length > 0)
      return failure(
        'invalid',
        400,
        `${object.kind} in version "${version}" cannot be handled as a ${object.kind}: strict decoding error: ${unknown.map((field) => `unknown field "${field}"`).join(', ')}`,
      );
    if (ref.namespace !== undefined && store.get({ resource: NAMESPACES, name: ref.namespace }) === undefined)
      return failure('not-found', 404, `namespaces "${ref.namespace}" not found`);
    const before = store.get(ref);
    const asked = object.metadata.resourceVersion;
    if (asked !== undefined && before !== undefined && asked !== before.metadata.resourceVersion)
      return failure(
        'conflict',
        409,
        'the object has been modified; please apply your changes to the latest version',
      );
    const causes = server.invalid(object, before);
    return causes.length === 0
      ? undefined
      : failure(
          'invalid',
          422,
          `${object.kind} "${ref.name}" is invalid: ${causes.map(({ message }) => message).join(', ')}`,
          causes,
        );
  };

  const missing = (ref: KubeRef): KubeFailure =>
    failure('not-found', 404, `${ref.resource.plural} "${ref.name}" not found`);

  async function* list(
    at: KubeRef['resource'],
    options: ListOptions = {},
  ): AsyncGenerator<Result<KubePage, KubeFailure>> {
    const refused = await begin({ verb: 'list', ref: { resource: at }, dryRun: false });
    if (refused !== undefined) {
      yield err(refused);
      return;
    }
    const all = store.all(at, options.namespace).filter(selected(options.labelSelector));
    const size = options.pageSize ?? 500;
    for (let from = 0; from === 0 || from < all.length; from += size)
      yield ok({ items: all.slice(from, from + size), resourceVersion: store.version() });
  }

  async function* watch(
    at: KubeRef['resource'],
    options: ListOptions & { readonly signal: AbortSignal },
  ): AsyncGenerator<Result<WatchEvent, KubeFailure>> {
    const fits = (object: KubeObject): boolean =>
      (options.namespace === undefined || object.metadata.namespace === options.namespace) &&
      (options.fieldSelector === undefined ||
        [`metadata.name=${object.metadata.name}`, `spec.nodeName=${nodeNameOf(object)}`].includes(
          options.fieldSelector,
        ));
    const queue: WatchEvent[] = [{ type: 'RELISTED', items: store.all(at).filter(fits) }];
    let wake: () => void = () => undefined;
    const listener = (plural: string, event: WatchEvent): void => {
      if (plural !== at.plural || (event.type !== 'RELISTED' && !fits(event.object))) return;
      queue.push(event);
      wake();
    };
    store.listeners.add(listener);
    try {
      while (!options.signal.aborted) {
        const event = queue.shift();
        if (event !== undefined) {
          yield ok(event);
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
          options.signal.addEventListener(
            'abort',
            () => {
              resolve();
            },
            { once: true },
          );
        });
      }
    } finally {
      store.listeners.delete(listener);
    }
  }

  const server: ApiServer = {
    store,
    calls: [],
    most: () => most,
    failing: () => undefined,
    unknownFields: () => [],
    invalid: () => [],
    settled: (object) => object,
    put,
    gitVersion: 'v1.34.2',
    find: (apiVersion, kind, object, namespace) => {
      const metadata = { name: object, ...(namespace === undefined ? {} : { namespace }) };
      const ref = store.refOf({ apiVersion, kind, metadata });
      return ref.ok ? store.get(ref.value) : undefined;
    },
    kube: {
      target: { server: `https://${name}.example:6443`, context: name },
      version: async () => ok({ gitVersion: server.gitVersion }),
      discover: async () => {
        const refused = await begin({ verb: 'discover', ref: {}, dryRun: false });
        return refused === undefined ? ok([...store.kinds]) : err(refused);
      },
      get: async (ref) => {
        const refused = await begin({ verb: 'get', ref, dryRun: false });
        if (refused !== undefined) return err(refused);
        const found = store.get(ref);
        return found === undefined ? err(missing(ref)) : ok(found);
      },
      list,
      apply: async (ref, object, options) => {
        const dryRun = options.dryRun === true;
        const refused =
          (await begin({ verb: 'apply', ref, object, dryRun })) ?? admitted(ref, object, options);
        if (refused !== undefined) return err(refused);
        const before = store.get(ref);
        const manager = options.fieldManager;
        if (before === undefined)
          return ok(kept(ref, object, firstOwners(object, `${manager}/Apply`), dryRun));
        const owners = store.ownersOf(ref);
        const done = applied(before, object, { manager, force: options.force === true, owners });
        return done.ok ? ok(kept(ref, done.value.object, done.value.owners, dryRun)) : done;
      },
      create: async (at, object, options = {}) => {
        const ref = { ...at, name: object.metadata.name };
        const dryRun = options.dryRun === true;
        const refused =
          (await begin({ verb: 'create', ref, object, dryRun })) ?? admitted(ref, object, options);
        if (refused !== undefined) return err(refused);
        if (store.get(ref) !== undefined)
          return err(failure('already-exists', 409, `${at.resource.plural} "${ref.name}" already exists`));
        return ok(
          kept(ref, object, firstOwners(object, `${options.fieldManager ?? 'drover'}/Update`), dryRun),
        );
      },
      patch: async (ref, patch, options) => {
        const refused = await begin({ verb: 'patch', ref, dryRun: options.dryRun === true });
        if (refused !== undefined) return err(refused);
        const before = store.get(ref);
        if (before === undefined) return err(missing(ref));
        const result =
          options.type === 'merge'
            ? ok(mergePatched(before, patch))
            : applyPatch(before, patch as readonly PatchOperation[]);
        if (!result.ok) return err(failure('invalid', 422, 'the patch does not fit'));
        const { metadata, ...rest } = result.value as KubeObject;
        const { managedFields, ...own } = metadata;
        const after = { ...rest, metadata: own } as KubeObject;
        const wrong = admitted(ref, after, options);
        if (wrong !== undefined) return err(wrong);
        const owners = afterUpdate(store.ownersOf(ref), options.fieldManager ?? 'drover', before, after);
        return ok(kept(ref, after, owners, options.dryRun === true));
      },
      delete: async (ref, options = {}) => {
        const refused = await begin({ verb: 'delete', ref, dryRun: options.dryRun === true });
        if (refused !== undefined) return err(refused);
        const found = store.get(ref);
        if (found === undefined) return err(missing(ref));
        if (options.uid !== undefined && options.uid !== found.metadata.uid)
          return err(failure('conflict', 409, 'the UID in the precondition does not match'));
        if (options.dryRun !== true) store.remove(ref);
        return ok(undefined);
      },
      watch,
      exec: () => {
        throw new Error('nothing is executed on this server');
      },
      logs: async () => ok(''),
      portForward: () => {
        throw new Error('nothing is forwarded on this server');
      },
      raw: async (path) => {
        const refused = await begin({ verb: 'raw', ref: { name: path }, dryRun: false });
        if (refused !== undefined) return err(refused);
        const groups = [...new Set(store.kinds.map(({ group }) => group))].filter((group) => group !== '');
        return ok(
          path === '/apis' ? JSON.stringify({ groups: groups.map((group) => ({ name: group })) }) : 'ok',
        );
      },
      close: () => undefined,
    },
  };
  put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system', uid } }, 'kube-apiserver');
  put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } }, 'kube-apiserver');
  return server;
};

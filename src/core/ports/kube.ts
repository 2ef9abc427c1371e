import type { Duplex } from 'node:stream';
import type { Result } from '../result.js';

/** An object of the Kubernetes API, as JSON. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

/** A served kind. `path` is everything before the namespace or the plural: `/api/v1`, `/apis/apps/v1`. */
export interface KubeResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** True for the version that the server prefers within its group. */
  readonly preferred: boolean;
}

export interface KubeRef {
  readonly resource: Pick<KubeResource, 'group' | 'version' | 'plural'>;
  readonly namespace?: string;
  readonly name: string;
}

/** One reason of a refused object, as the API names it. */
export interface KubeCause {
  readonly field?: string;
  readonly reason?: string;
  readonly message: string;
}

export type KubeFailureKind =
  | 'unreachable'
  | 'tls'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'already-exists'
  | 'conflict'
  | 'invalid'
  | 'gone'
  | 'too-many-requests'
  | 'unavailable'
  | 'timed-out'
  | 'cancelled'
  | 'server';

export interface KubeFailure {
  readonly kind: KubeFailureKind;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  readonly message: string;
  readonly causes: readonly KubeCause[];
  readonly retryAfterMs?: number;
}

export type KubeResult<T> = Promise<Result<T, KubeFailure>>;

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface WriteOptions extends CallOptions {
  readonly dryRun?: boolean;
  /** Owner of the fields written; server-side apply needs it. */
  readonly fieldManager?: string;
  /** Take fields over from other managers. */
  readonly force?: boolean;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
}

export interface ListOptions extends CallOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects per page. Default 500. */
  readonly pageSize?: number;
  /** The list as it was at this version, so that lists of several kinds fit together; `gone` when that is forgotten. */
  readonly resourceVersion?: string;
}

export interface KubePage {
  readonly items: readonly KubeObject[];
  /** Version at which the whole list was true; the same on every page. */
  readonly resourceVersion: string;
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  /** The watch began anew from this full list, because its place in history was gone (410). */
  | { readonly type: 'RELISTED'; readonly items: readonly KubeObject[] };

export interface ExecOutput {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly container?: string;
}

/** The only way to a Kubernetes API. Small on purpose: what Drover needs, in the API's own words. */
export interface Kube {
  /** Server URL and context, for headers and errors. */
  readonly target: { readonly server: string; readonly context: string };
  version(options?: CallOptions): KubeResult<{ readonly gitVersion: string }>;
  /** All served kinds of all groups. */
  discover(options?: CallOptions): KubeResult<readonly KubeResource[]>;
  get(ref: KubeRef, options?: CallOptions): KubeResult<KubeObject>;
  /** Pages of one consistent list. */
  list(resource: KubeRef['resource'], options?: ListOptions): AsyncIterable<Result<KubePage, KubeFailure>>;
  /** Server-side apply. */
  apply(
    ref: KubeRef,
    object: KubeObject,
    options: WriteOptions & { readonly fieldManager: string },
  ): KubeResult<KubeObject>;
  /** `below` = a subresource of an object, such as `web-1/eviction` of pods. */
  create(
    ref: Omit<KubeRef, 'name'> & { readonly below?: { readonly name: string; readonly subresource: string } },
    object: KubeObject,
    options?: WriteOptions,
  ): KubeResult<KubeObject>;
  patch(
    ref: KubeRef,
    patch: unknown,
    options: WriteOptions & { readonly type: 'json' | 'merge'; readonly subresource?: string },
  ): KubeResult<KubeObject>;
  delete(
    ref: KubeRef,
    options?: WriteOptions & {
      readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
      readonly uid?: string;
    },
  ): KubeResult<void>;
  /** Never ends by itself but by `signal`; reconnects, resumes by resourceVersion, relists when its place is gone. */
  watch(
    resource: KubeRef['resource'],
    options: ListOptions & { readonly signal: AbortSignal },
  ): AsyncIterable<Result<WatchEvent, KubeFailure>>;
  exec(
    pod: PodRef,
    command: readonly string[],
    options?: CallOptions & { readonly stdin?: string | Uint8Array },
  ): KubeResult<ExecOutput>;
  logs(
    pod: PodRef,
    options?: CallOptions & { readonly tailLines?: number; readonly previous?: boolean },
  ): KubeResult<string>;
  /** Opens a connection to a port of a pod; resolves with a duplex stream. */
  portForward(pod: PodRef, port: number, options?: CallOptions): KubeResult<Duplex>;
  /** A bare GET such as `/readyz?verbose`. */
  raw(path: string, options?: CallOptions): KubeResult<string>;
  close(): void;
}

import type { Clock } from '../core/ports/clock.js';
import type { Kube, KubeObject, WriteOptions } from '../core/ports/kube.js';
import { ok } from '../core/result.js';
import type { Credentials } from './credentials.js';
import { discover } from './discovery.js';
import { execInPod } from './exec.js';
import { listPages } from './list.js';
import { query, refPath, resourcePath, writeQuery } from './paths.js';
import { portForward } from './port-forward.js';
import { type KubeRequest, send, sendJson } from './request.js';
import { watchResource } from './watch.js';

const logPath = (namespace: string, name: string): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`;

const PATCH_TYPES = { json: 'application/json-patch+json', merge: 'application/merge-patch+json' } as const;

/** The adapter of the {@link Kube} port: credentials from a kubeconfig, requests and watches of our own. */
export const createKube = (credentials: Credentials, clock: Clock): Kube => {
  const write = (call: KubeRequest, options: WriteOptions) =>
    sendJson<KubeObject>(
      credentials,
      { ...call, signal: options.signal, timeoutMs: options.timeoutMs },
      clock,
    );
  return {
    target: { server: credentials.server, context: credentials.context },
    version: (options = {}) => sendJson(credentials, { method: 'GET', path: '/version', ...options }, clock),
    discover: (options = {}) => discover(credentials, options, clock),
    get: (ref, options = {}) =>
      sendJson(credentials, { method: 'GET', path: refPath(ref), ...options }, clock),
    list: (resource, options = {}) => listPages(credentials, resource, options, clock),
    // JSON is YAML: server-side apply takes it as it is.
    apply: (ref, object, options) =>
      write(
        {
          method: 'PATCH',
          path: refPath(ref) + writeQuery(options),
          body: JSON.stringify(object),
          contentType: 'application/apply-patch+yaml',
        },
        options,
      ),
    create: ({ resource, namespace, below }, object, options = {}) =>
      write(
        {
          method: 'POST',
          path:
            resourcePath(resource, namespace, below?.name) +
            (below === undefined ? '' : `/${below.subresource}`) +
            writeQuery(options),
          body: JSON.stringify(object),
        },
        options,
      ),
    patch: (ref, patch, options) => {
      const path =
        refPath(ref) +
        (options.subresource === undefined ? '' : `/${options.subresource}`) +
        writeQuery(options);
      return write(
        { method: 'PATCH', path, body: JSON.stringify(patch), contentType: PATCH_TYPES[options.type] },
        options,
      );
    },
    delete: async (ref, options = {}) => {
      const body = JSON.stringify({
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        ...(options.propagation === undefined ? {} : { propagationPolicy: options.propagation }),
        ...(options.uid === undefined ? {} : { preconditions: { uid: options.uid } }),
        ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
      });
      const call = {
        method: 'DELETE',
        path: refPath(ref),
        body,
        signal: options.signal,
        timeoutMs: options.timeoutMs,
      } as const;
      const result = await send(credentials, call, clock);
      return result.ok ? ok(undefined) : result;
    },
    watch: (resource, options) =>
      watchResource({
        credentials,
        resource,
        options,
        clock,
      }),
    exec: (pod, command, options = {}) => execInPod(credentials, pod, command, options),
    logs: (pod, options = {}) => {
      const members = { container: pod.container, tailLines: options.tailLines, previous: options.previous };
      return send(
        credentials,
        { method: 'GET', path: logPath(pod.namespace, pod.name) + query(members), ...options },
        clock,
      );
    },
    portForward: (pod, port, options = {}) => portForward(credentials, pod, port, options),
    raw: (path, options = {}) => send(credentials, { method: 'GET', path, ...options }, clock),
    close: () => {
      credentials.close();
    },
  };
};

import type { RequestOptions } from 'node:https';
import { Agent } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { KubeFailure } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import { printable } from '../core/text.js';

/** Where a cluster is and how to prove who asks. */
export interface Credentials {
  readonly server: string;
  readonly context: string;
  /** Connection pool and headers for one request; exec plugins and token files are asked again when they age. */
  readonly authorize: () => Promise<Result<Authorized, KubeFailure>>;
  readonly close: () => void;
}

export interface Authorized {
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  /** TLS options for connections that the pool cannot make (WebSockets). */
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;
}

export interface KubeConfigChoice {
  /** Path or paths joined by `:`; absent = $KUBECONFIG, then ~/.kube/config, as kubectl does. */
  readonly kubeconfig?: string;
  /** Text of a kubeconfig that never touched the disk. */
  readonly text?: string;
  readonly context?: string;
  /** Impersonated user, as kubectl's --as. */
  readonly as?: string;
}

/** Tokens and exec plugins are asked again after this long. */
const FRESH_MS = 60_000;

const loadConfig = async (choice: KubeConfigChoice): Promise<KubeConfig> => {
  const { KubeConfig: Config } = await import('@kubernetes/client-node');
  const config = new Config();
  if (choice.text !== undefined) config.loadFromString(choice.text);
  else if (choice.kubeconfig === undefined) config.loadFromDefault();
  else {
    const [first, ...others] = choice.kubeconfig.split(':').filter((path) => path !== '');
    config.loadFromFile(first ?? choice.kubeconfig);
    for (const path of others) {
      const more = new Config();
      more.loadFromFile(path);
      config.mergeConfig(more, true);
    }
  }
  if (choice.context !== undefined) config.setCurrentContext(choice.context);
  return config;
};

const headersOf = (options: RequestOptions): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (typeof value === 'string') headers[name.toLowerCase()] = value;
  }
  if (typeof options.auth === 'string')
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
};

const textOf = (part: unknown): string =>
  Buffer.isBuffer(part) ? part.toString('latin1') : typeof part === 'string' ? part : '';

/**
 * Reads a kubeconfig with all that kubectl knows about credentials (certificates, tokens, exec plugins).
 * Throws an Error with the library's words when there is none or the context does not exist.
 */
export const loadCredentials = async (choice: KubeConfigChoice, now: () => number): Promise<Credentials> => {
  const config = await loadConfig(choice);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new Error(`no cluster in the kubeconfig for context ${config.getCurrentContext()}`);
  let cached: { readonly until: number; readonly key: string; readonly authorized: Authorized } | undefined;

  const authorize: Credentials['authorize'] = async () => {
    if (cached !== undefined && now() < cached.until) return ok(cached.authorized);
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (reason) {
      // An exec plugin that fails or a token file that is gone: no request can be made.
      return err({
        kind: 'unauthorized',
        message: printable(`no credentials: ${String(reason)}`),
        causes: [],
      });
    }
    const tls = {
      ca: options.ca,
      cert: options.cert,
      key: options.key,
      ...(cluster.tlsServerName === undefined ? {} : { servername: cluster.tlsServerName }),
      rejectUnauthorized: !cluster.skipTLSVerify,
    };
    const key = [options.ca, options.cert, options.key].map(textOf).join('|');
    const agent =
      cached?.key === key ? cached.authorized.agent : new Agent({ ...tls, keepAlive: true, maxSockets: 64 });
    if (cached !== undefined && cached.authorized.agent !== agent) cached.authorized.agent.destroy();
    const headers = {
      ...headersOf(options),
      ...(choice.as === undefined ? {} : { 'impersonate-user': choice.as }),
    };
    cached = { until: now() + FRESH_MS, key, authorized: { agent, headers, tls } };
    return ok(cached.authorized);
  };

  return {
    server: cluster.server.replace(/\/+$/, ''),
    context: config.getCurrentContext(),
    authorize,
    close: () => cached?.authorized.agent.destroy(),
  };
};

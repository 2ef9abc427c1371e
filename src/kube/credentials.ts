import type { RequestOptions } from 'node:https';
import { Agent } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { KubeFailure } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import { printable } from '../core/text.js';
import type { Kubeconfig } from './kubeconfig.js';
import { type KubeConfigChoice, loadKubeconfig } from './load-kubeconfig.js';
import { keepingConnections, proxyPlace } from './proxy.js';

/** Where a cluster is and how to prove who asks. */
export interface Credentials {
  readonly server: string;
  readonly context: string;
  /** Connection pool and headers for one request; exec plugins and token files are asked again when they age. */
  readonly authorize: () => Promise<Result<Authorized, KubeFailure>>;
  /**
   * Others than these, which the API did not take (401): the kubeconfig is read and its plugin run again. Undefined when
   * nothing else comes of it. Many calls at the same time share one run.
   */
  readonly renew: (refused: Authorized) => Promise<Result<Authorized, KubeFailure> | undefined>;
  readonly close: () => void;
}

export interface Authorized {
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  /** The proxy that the pool goes through, as errors name it; absent = none. */
  readonly proxy?: string;
  /** TLS options for connections that the pool does not make (WebSockets without a proxy). */
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>;
}

/** Tokens and exec plugins are asked again after this long. */
const FRESH_MS = 60_000;

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

const identityOf = ({ tls, headers }: Omit<Authorized, 'agent'>): string =>
  [tls.ca, tls.cert, tls.key].map(textOf).join('|') + JSON.stringify(headers);

/** An exec plugin that fails, or a token file that is gone: no request can be made. */
const noCredentials = (reason: unknown): Result<never, KubeFailure> => {
  // What cannot be parsed may be a token: its text is not repeated.
  const why =
    reason instanceof SyntaxError || reason instanceof TypeError
      ? 'the plugin of the kubeconfig did not answer with an ExecCredential'
      : String(reason);
  return err({ kind: 'unauthorized', message: printable(`no credentials: ${why}`), causes: [] });
};

/** Connections at the same time. */
const AT_ONCE = 64;

interface Source {
  readonly choice: KubeConfigChoice;
  readonly proxy: string | undefined;
  config: Kubeconfig;
}

/** Asks the kubeconfig, its plugin or its token file. The connection pool is kept while certificates stay the same. */
const ask = async (
  { choice, config, proxy }: Source,
  before: Authorized | undefined,
): Promise<Result<Authorized, KubeFailure>> => {
  let options: RequestOptions;
  try {
    options = await config.options();
  } catch (reason) {
    return noCredentials(reason);
  }
  const tls = { ca: options.ca, cert: options.cert, key: options.key, ...config.tls };
  const headers = {
    ...headersOf(options),
    ...(choice.as === undefined ? {} : { 'impersonate-user': choice.as }),
  };
  const same =
    before !== undefined && identityOf({ tls, headers: {} }) === identityOf({ tls: before.tls, headers: {} });
  const fresh = (): Agent =>
    proxy === undefined
      ? // Keys and certificates are read once, not for every connection.
        new Agent({ ...tls, secureContext: createSecureContext(tls), keepAlive: true, maxSockets: AT_ONCE })
      : keepingConnections(options.agent as Agent, AT_ONCE);
  const through = proxy === undefined ? {} : { proxy };
  return ok({ agent: same ? before.agent : fresh(), headers, tls, ...through });
};

/**
 * Reads a kubeconfig with all that kubectl knows about credentials (certificates, tokens, exec plugins) and ways
 * (`proxy-url`). Throws an Error with the library's words when there is none, when the context does not exist, or when
 * the proxy is of a kind that nobody knows.
 */
export const loadCredentials = async (choice: KubeConfigChoice, now: () => number): Promise<Credentials> => {
  const config = await loadKubeconfig(choice);
  const { context, server } = config;
  const proxy = config.proxy === undefined ? undefined : proxyPlace(config.proxy);
  const source: Source = { choice, proxy, config };
  const agents = new Set<Agent>();
  let known: { readonly until: number; readonly authorized: Authorized } | undefined;
  let asking: Promise<Result<Authorized, KubeFailure>> | undefined;

  let failed = false;
  const askNow = async (reload: boolean): Promise<Result<Authorized, KubeFailure>> => {
    // Read anew: the old one remembers what the plugin answered, good or bad.
    if (reload || failed) source.config = await loadKubeconfig({ ...choice, context });
    const answer = await ask(source, known?.authorized);
    failed = !answer.ok;
    if (answer.ok) {
      known = { until: now() + FRESH_MS, authorized: answer.value };
      agents.add(answer.value.agent);
    }
    return answer;
  };
  const askOnce = (reload: boolean): Promise<Result<Authorized, KubeFailure>> => {
    asking ??= askNow(reload)
      .catch(noCredentials)
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };

  return {
    server: server.replace(/\/+$/, ''),
    context,
    authorize: async () =>
      known !== undefined && now() < known.until ? ok(known.authorized) : askOnce(false),
    renew: async (refused) => {
      // Somebody else was faster.
      if (known !== undefined && known.authorized !== refused) return ok(known.authorized);
      const answer = await askOnce(true);
      return answer.ok && identityOf(answer.value) === identityOf(refused) ? undefined : answer;
    },
    close: () => {
      for (const agent of agents) agent.destroy();
    },
  };
};

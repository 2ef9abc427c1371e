import type { RequestOptions } from 'node:https';
import { Agent } from 'node:https';
import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import type { KubeFailure } from '../core/ports/kube.js';
import { err, ok, type Result } from '../core/result.js';
import { printable } from '../core/text.js';

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

/** What kubectl tells plugins about itself; several refuse to answer without it. */
const informPlugin = (config: KubeConfig): void => {
  const exec = config.getCurrentUser()?.exec as
    | { apiVersion?: string; env?: { name: string; value: string }[] | null }
    | undefined;
  if (exec === undefined) return;
  const info = { kind: 'ExecCredential', apiVersion: exec.apiVersion, spec: { interactive: false } };
  exec.env = [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }];
};

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
  informPlugin(config);
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

interface Source {
  readonly choice: KubeConfigChoice;
  readonly cluster: Cluster;
  config: KubeConfig;
}

/** Asks the kubeconfig, its plugin or its token file. The connection pool is kept while certificates stay the same. */
const ask = async (
  { choice, cluster, config }: Source,
  before: Authorized | undefined,
): Promise<Result<Authorized, KubeFailure>> => {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (reason) {
    return noCredentials(reason);
  }
  const tls = {
    ca: options.ca,
    cert: options.cert,
    key: options.key,
    ...(cluster.tlsServerName === undefined ? {} : { servername: cluster.tlsServerName }),
    rejectUnauthorized: !cluster.skipTLSVerify,
  };
  const headers = {
    ...headersOf(options),
    ...(choice.as === undefined ? {} : { 'impersonate-user': choice.as }),
  };
  const same =
    before !== undefined && identityOf({ tls, headers: {} }) === identityOf({ tls: before.tls, headers: {} });
  const agent = same ? before.agent : new Agent({ ...tls, keepAlive: true, maxSockets: 64 });
  return ok({ agent, headers, tls });
};

/**
 * Reads a kubeconfig with all that kubectl knows about credentials (certificates, tokens, exec plugins).
 * Throws an Error with the library's words when there is none or the context does not exist.
 */
export const loadCredentials = async (choice: KubeConfigChoice, now: () => number): Promise<Credentials> => {
  const config = await loadConfig(choice);
  const context = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error(`no cluster in the kubeconfig for context ${context}`);
  const source: Source = { choice, cluster, config };
  const agents = new Set<Agent>();
  let known: { readonly until: number; readonly authorized: Authorized } | undefined;
  let asking: Promise<Result<Authorized, KubeFailure>> | undefined;

  let failed = false;
  const askNow = async (reload: boolean): Promise<Result<Authorized, KubeFailure>> => {
    // Read anew: the old one remembers what the plugin answered, good or bad.
    if (reload || failed) source.config = await loadConfig({ ...choice, context });
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
    server: cluster.server.replace(/\/+$/, ''),
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

import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Kubeconfig } from './kubeconfig.js';
import { plainKubeconfig } from './plain-kubeconfig.js';

export interface KubeConfigChoice {
  /** Path or paths joined by `:`; absent = $KUBECONFIG, then ~/.kube/config, as kubectl does. */
  readonly kubeconfig?: string;
  /** Text of a kubeconfig that never touched the disk. */
  readonly text?: string;
  readonly context?: string;
  /** Impersonated user, as kubectl's --as. */
  readonly as?: string;
}

/** What kubectl tells plugins about itself; several refuse to answer without it. */
const informPlugin = (config: KubeConfig): void => {
  const exec = config.getCurrentUser()?.exec as
    | { apiVersion?: string; env?: { name: string; value: string }[] | null }
    | undefined;
  if (exec === undefined) return;
  const info = { kind: 'ExecCredential', apiVersion: exec.apiVersion, spec: { interactive: false } };
  exec.env = [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }];
};

const libraryConfig = async (choice: KubeConfigChoice): Promise<KubeConfig> => {
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

/**
 * Reads a kubeconfig with all that kubectl knows about credentials (certificates, tokens, exec plugins).
 * Throws an Error with the library's words when there is none or the context does not exist.
 */
export const loadKubeconfig = async (choice: KubeConfigChoice): Promise<Kubeconfig> => {
  const plain = choice.text === undefined ? undefined : plainKubeconfig(choice.text, choice.context);
  if (plain !== undefined) return plain;
  const config = await libraryConfig(choice);
  const context = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error(`no cluster in the kubeconfig for context ${context}`);
  const { server, tlsServerName, skipTLSVerify, proxyUrl } = cluster;
  const tls = {
    ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
    rejectUnauthorized: !skipTLSVerify,
  };
  return {
    context,
    server,
    tls,
    ...(proxyUrl === undefined ? {} : { proxy: proxyUrl }),
    options: async () => {
      const options: RequestOptions = { ...tls };
      await config.applyToHTTPSOptions(options);
      return options;
    },
  };
};

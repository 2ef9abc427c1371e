import { join } from 'node:path';

/** Helm with nothing of the user's own but the way to the network, and logins of registries. */
export const helmEnv = (
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Record<string, string> => {
  const kept = [
    'PATH',
    'HOME',
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'NO_PROXY',
    'http_proxy',
    'https_proxy',
    'no_proxy',
    'SSL_CERT_FILE',
    'HELM_REGISTRY_CONFIG',
  ];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    // No cluster, no plugins, no repositories of the user's.
    KUBECONFIG: '/dev/null',
    HELM_CACHE_HOME: join(folder, '.cache'),
    HELM_CONFIG_HOME: join(folder, '.config'),
    HELM_DATA_HOME: join(folder, '.data'),
    HELM_PLUGINS: join(folder, '.plugins'),
  };
};

import type { Agent } from 'node:https';

/**
 * Where a proxy is, without the name and password that may stand in its address. Throws when it is none that is gone
 * through: SOCKS as the Kubernetes client speaks it cannot check the certificate of a server that is named by its address.
 */
export const proxyPlace = (address: string): string => {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol.startsWith('socks') === true)
    throw new Error(
      `proxy-url of the kubeconfig names a SOCKS proxy (${url.host}); only http and https proxies are gone through`,
    );
  if (url === undefined || url.hostname === '' || !['http:', 'https:'].includes(url.protocol))
    throw new Error('proxy-url of the kubeconfig is no address of an http or https proxy');
  return `${url.protocol}//${url.host}`;
};

/** Lets an agent of the Kubernetes client keep its connections, as Drover’s own does: each is a dialogue with the proxy. */
export const keepingConnections = (agent: Agent, maxSockets: number): Agent =>
  Object.assign(agent, { keepAlive: true, maxSockets });

import { rootOn } from './cluster.js';

/** HAProxy on an external host, in front of the API of servers, at layer 4; it leaves out servers that are away. */
export const installBalancer = async (
  where: { readonly lab: string; readonly host: string; readonly folder: string },
  servers: readonly string[],
): Promise<void> => {
  const lines = servers.map((address, at) => `  server s${at} ${address}:6443 check inter 500 fall 2 rise 1`);
  const config = [
    'defaults',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout client 60s',
    '  timeout server 60s',
    'listen api',
    '  bind :6443',
    ...lines,
  ].join('\n');
  const on = (command: string): Promise<string> => rootOn(where.lab, where.host, command, where.folder);
  await on('apt-get -qq update && apt-get -qq install -y haproxy >/dev/null 2>&1');
  await on(`echo '${config}' >/etc/haproxy/haproxy.cfg && systemctl restart haproxy`);
};

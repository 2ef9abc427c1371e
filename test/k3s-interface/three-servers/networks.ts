import { expect } from 'vitest';
import { behaviour } from '../behaviour.js';
import { kubectl, kubectlNow, nodesReady, pod } from '../kubectl.js';
import type { Bed } from '../rig.js';
import { AGENT_ADDRESS, addressOf, installAgent, installServer, SERVERS, TOKEN } from './hosts.js';

const ADVERTISED = '10.93.0.112';

/** A network of the user's own: the bridge plugin with addresses of its own, where K3s documents its folders. */
const OWN_NETWORK = JSON.stringify({
  cniVersion: '1.0.0',
  name: 'suite',
  plugins: [
    {
      type: 'suite-bridge',
      bridge: 'suite0',
      isGateway: true,
      ipam: { type: 'host-local', subnet: '10.55.0.0/24' },
    },
  ],
});
const LINK_PLUGINS = `mkdir -p /opt/cni/bin /etc/cni/net.d
ln -sf /usr/lib/cni/bridge /opt/cni/bin/suite-bridge
for name in host-local loopback; do ln -sf /usr/lib/cni/$name /opt/cni/bin/$name; done
cat >/etc/cni/net.d/10-suite.conflist`;

const HOST_GW = 'flannel-backend: host-gw\n';
const NONE = `cluster-init: true
token: ${TOKEN}
flannel-backend: none
disable-network-policy: true
disable-kube-proxy: true
https-listen-port: 7443
advertise-address: ${ADVERTISED}
tls-san: [second.example]
secrets-encryption: true
secrets-encryption-provider: secretbox
`;

/** Two clusters beside each other: server-1 with the agent over host-gw, server-2 alone with a network of its own. */
export const startNetworks = async (bed: Bed): Promise<void> => {
  await Promise.all([
    ...SERVERS.map((server) => bed.on(server, 'k3s-uninstall.sh')),
    bed.on('agent-1', 'k3s-agent-uninstall.sh'),
  ]);
  await bed.on(
    'server-2',
    `ip addr add ${ADVERTISED}/24 dev host0; rm -rf /etc/systemd/system/k3s.service.d`,
  );
  await bed.on('server-2', LINK_PLUGINS, OWN_NETWORK);
  await Promise.all([
    installServer(bed, 'server-1', `cluster-init: true\ntoken: ${TOKEN}\n${HOST_GW}`),
    installServer(bed, 'server-2', NONE),
    installAgent(bed),
  ]);
  await Promise.all(['server-1', 'server-2'].map((server) => bed.on(server, 'systemctl start k3s')));
  await bed.on('agent-1', 'systemctl start k3s-agent');
  await Promise.all([nodesReady(bed, ['server-1', 'agent-1']), nodesReady(bed, ['server-2'], 'server-2')]);
};

const run = async (bed: Bed, node: string, server: string): Promise<string> => {
  const name = `pod-${node}`;
  await bed.on(
    server,
    'k3s kubectl --kubeconfig /var/lib/rancher/k3s/server/cred/admin.kubeconfig apply -f -',
    await pod(name, node),
  );
  await kubectl(bed, `wait --for=condition=Ready --timeout=300s pod/${name}`, server);
  return kubectl(bed, `get pod ${name} -o jsonpath={.status.podIP}`, server);
};

/** Networks that a cluster chooses when it is founded. */
export const networks = (bed: () => Bed): void => {
  behaviour('flannel-host-gw', {
    'pods reach each other over plain routes, in packets of full size': async () => {
      const [, other = ''] = await Promise.all(
        ['server-1', 'agent-1'].map((node) => run(bed(), node, 'server-1')),
      );
      expect(await bed().on('server-1', 'ip route')).toMatch(
        new RegExp(`^10\\.42\\.\\d+\\.0/24 via ${AGENT_ADDRESS} dev host0`, 'm'),
      );
      expect(await bed().on('server-1', 'cat /sys/class/net/cni0/mtu; ip -br link')).not.toMatch(
        /flannel\.1|^1450/,
      );
      await kubectl(bed(), `exec pod-server-1 -- ping -c 1 -W 3 -s 1472 ${other}`);
    },
  });

  behaviour('flannel-none', {
    'pods get their network from the user’s own configuration and plugins': async () => {
      expect(await run(bed(), 'server-2', 'server-2')).toMatch(/^10\.55\.0\./);
      expect(await bed().on('server-2', 'ip -br link')).not.toMatch(/flannel|cni0/);
    },
  });

  behaviour('disable-kube-proxy', {
    'no kube-proxy runs and none of its rules is there': async () => {
      expect(await bed().on('server-2', 'iptables-save')).not.toContain('KUBE-SERVICES');
      expect((await bed().run('server-2', 'curl -sf 127.0.0.1:10256/healthz')).status).not.toBe(0);
    },
  });

  behaviour('tls-names', {
    'the API answers on the port and tells the address that it was given': async () => {
      const shown = `curl -s --cacert /var/lib/rancher/k3s/server/tls/server-ca.crt --resolve second.example:7443:${addressOf('server-2')}`;
      expect(await bed().on('server-2', `${shown} https://second.example:7443/ping`)).toBe('pong');
      expect(
        await kubectlNow(bed(), 'config view -o jsonpath={.clusters[0].cluster.server}', 'server-2'),
      ).toBe('https://127.0.0.1:7443');
      const slice = `get endpointslices kubernetes -o jsonpath='{.endpoints[0].addresses[0]}:{.ports[0].port}'`;
      expect(await kubectl(bed(), slice, 'server-2')).toBe(`${ADVERTISED}:7443`);
    },
  });

  behaviour('secrets-encryption', {
    'with secretbox': async () => {
      expect(
        await bed().on('server-2', 'k3s secrets-encrypt status --server https://127.0.0.1:7443'),
      ).toMatch(/\* +XSalsa20-POLY1305 +\w+/i);
    },
  });
};

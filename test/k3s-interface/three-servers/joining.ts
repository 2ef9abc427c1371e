import { expect } from 'vitest';
import { behaviour } from '../behaviour.js';
import { kubectl, kubectlNow, nodesReady } from '../kubectl.js';
import type { Bed, Ran } from '../rig.js';
import { AGENT_ADDRESS, addressOf, SERVERS, TOKEN } from './hosts.js';

const DATA = '/var/lib/rancher/k3s';
const VOTER = `{.status.conditions[?(@.type=="EtcdIsVoter")]`;

/** Status and reason of a server's voter condition, asked on another server. */
export const voterOf = (bed: Bed, server: string, asked = 'server-1'): Promise<string> =>
  kubectlNow(bed, `get node ${server} -o jsonpath='${VOTER}.status} ${VOTER}.reason}'`, asked);

/** Waits until every server has a vote. */
export const allVote = async (bed: Bed, servers: readonly string[] = SERVERS): Promise<void> => {
  for (const server of servers) {
    await expect
      .poll(() => voterOf(bed, server), { timeout: 300_000, interval: 500 })
      .toBe('True MemberNotLearner');
  }
};

const members = (bed: () => Bed): void => {
  behaviour('joining', {
    'servers by the short and by the full token, agents too': async () => {
      const version = (await bed().on('server-1', 'k3s --version')).split(' ')[2] ?? '';
      const versions = await kubectl(
        bed(),
        `get nodes -o jsonpath='{range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion}{"\\n"}{end}'`,
      );
      expect(versions.split('\n').sort()).toEqual(
        [...SERVERS, 'agent-1'].map((node) => `${node} ${version}`).sort(),
      );
      expect(await bed().on('server-3', 'grep token: /etc/rancher/k3s/config.yaml')).toMatch(
        /K10[0-9a-f]{64}::server:three-secret/,
      );
      const authorities = await Promise.all(
        SERVERS.map((server) => bed().on(server, `cat ${DATA}/server/tls/server-ca.crt`)),
      );
      expect(new Set(authorities).size).toBe(1);
    },
  });

  behaviour('etcd-voter', {
    'every server has a vote, the annotations of its member and both roles': async () => {
      await allVote(bed());
      for (const server of SERVERS) {
        const node = JSON.parse(await kubectl(bed(), `get node ${server} -o json`)) as {
          readonly metadata: {
            readonly annotations: Record<string, string>;
            readonly labels: Record<string, string>;
          };
        };
        expect(node.metadata.annotations['etcd.k3s.cattle.io/node-name']).toMatch(
          new RegExp(`^${server}-[0-9a-f]{8}$`),
        );
        expect(node.metadata.annotations['etcd.k3s.cattle.io/node-address']).toBe(addressOf(server));
        expect(node.metadata.labels).toMatchObject({
          'node-role.kubernetes.io/control-plane': 'true',
          'node-role.kubernetes.io/etcd': 'true',
        });
      }
    },
  });
};

const refusals = (bed: () => Bed): void => {
  const attempt = (flags: string): Promise<Ran> =>
    bed().run(
      'agent-1',
      `timeout 30 k3s server --config /dev/null --data-dir /tmp/other --node-ip ${AGENT_ADDRESS} --lb-server-port 7444 \\
         --server https://${addressOf('server-1')}:6443 --token ${TOKEN} ${flags} 2>&1; status=$?; rm -rf /tmp/other; exit $status`,
    );

  behaviour('critical-values', {
    'are refused with all that differ': async () => {
      const ran = await attempt(
        '--flannel-backend host-gw --cluster-domain other.local --service-cidr 10.99.0.0/16 --disable-network-policy',
      );
      expect([0, 124]).not.toContain(ran.status);
      expect(ran.text).toContain('critical configuration value mismatch between servers');
      for (const key of ['FlannelBackend', 'ClusterDomain', 'ServiceCIDR', 'DisableNPC'])
        expect(ran.text).toContain(key);
    },
  });

  behaviour('duplicate-name', {
    'and etcd keeps its members': async () => {
      const ran = await attempt(
        '--node-name server-2 --disable traefik,servicelb,coredns,local-storage,metrics-server',
      );
      expect([0, 124]).not.toContain(ran.status);
      expect(ran.text).toContain('duplicate node name found, please use a unique name for this node');
      await allVote(bed());
    },
  });
};

const balancer = (bed: () => Bed): void => {
  const list = `${DATA}/agent/etc/k3s-agent-load-balancer.json`;
  const renewed = () =>
    kubectlNow(bed(), 'get lease -n kube-node-lease agent-1 -o jsonpath={.spec.renewTime}', 'server-2');

  behaviour('load-balancer', {
    'knows all servers, though the agent was told one': async () => {
      for (const server of SERVERS)
        expect(await bed().on('agent-1', `cat ${list}`)).toContain(`${addressOf(server)}:6443`);
      expect(await bed().on('agent-1', "ss -ltnH 'sport = :6444'")).toContain('127.0.0.1:6444');
    },
    'leads to another when the one it was told has lost power, also after a restart of the agent':
      async () => {
        await bed().lab('crash', 'server-1');
        const before = await renewed();
        await bed().on(
          'agent-1',
          'systemctl restart k3s-agent; curl -skf --retry 20 --retry-connrefused --retry-delay 1 https://127.0.0.1:6444/ping',
        );
        await expect.poll(renewed, { timeout: 300_000, interval: 500 }).not.toBe(before);
        await bed().lab('start', 'server-1');
        await nodesReady(bed(), [...SERVERS, 'agent-1']);
      },
  });
};

/** How servers come together, and what the agents make of them. */
export const joining = (bed: () => Bed): void => {
  members(bed);
  refusals(bed);
  balancer(bed);
};

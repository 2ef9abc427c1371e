import { expect } from 'vitest';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import type { CheckResult } from '../../../src/verify/check.js';
import { checkNodes } from '../../../src/verify/nodes.js';
import { behaviour } from '../behaviour.js';
import { kubectl, kubectlNow, nodesReady } from '../kubectl.js';
import type { Bed } from '../rig.js';
import { SERVERS, TOKEN } from './hosts.js';
import { allVote, voterOf } from './joining.js';

const NAME = "-o jsonpath='{.metadata.annotations.etcd\\.k3s\\.cattle\\.io/node-name}'";
const REMOVED = "-o jsonpath='{.metadata.annotations.etcd\\.k3s\\.cattle\\.io/removed-node-name}'";
const words = (bed: Bed, host: string): Promise<string> => bed.on(host, 'journalctl -q -o cat -u k3s');

const removal = (bed: () => Bed): void => {
  behaviour('etcd-member-removed', {
    'its process says so, and it comes back as another member': async () => {
      const before = await kubectl(bed(), `get node server-3 ${NAME}`);
      expect(await kubectl(bed(), 'get node server-3 -o jsonpath={.metadata.finalizers}')).toContain(
        'wrangler.cattle.io/managed-etcd-controller',
      );
      await kubectl(bed(), 'delete node server-3');
      await expect
        .poll(() => words(bed(), 'server-3'), { timeout: 300_000, interval: 500 })
        .toContain('this node has been removed from the cluster please restart k3s to rejoin the cluster');
      await bed().on('server-3', 'systemctl restart k3s');
      await nodesReady(bed(), [...SERVERS, 'agent-1']);
      await allVote(bed());
      const after = await kubectl(bed(), `get node server-3 ${NAME}`);
      expect(after).toMatch(/^server-3-/);
      expect(after).not.toBe(before);
      expect(await bed().on('server-3', 'ls /var/lib/rancher/k3s/server/db')).toMatch(/etcd-old-\d+/);
    },
  });

  behaviour('etcd-remove-annotation', {
    'the member goes, the Node stays and remembers it': async () => {
      const before = await kubectl(bed(), `get node server-2 ${NAME}`);
      await bed().on(
        'server-2',
        'mkdir -p /etc/systemd/system/k3s.service.d; cat >/etc/systemd/system/k3s.service.d/suite.conf; systemctl daemon-reload',
        '[Service]\nRestart=no\n',
      );
      await kubectl(bed(), 'annotate node server-2 etcd.k3s.cattle.io/remove=true --overwrite');
      await expect
        .poll(() => kubectl(bed(), `get node server-2 ${REMOVED}`), { timeout: 300_000 })
        .toBe(before);
      await expect
        .poll(() => bed().on('server-2', 'systemctl is-active k3s || true'), { timeout: 300_000 })
        .toBe('failed');
      expect(await words(bed(), 'server-2')).toContain('this node has been removed from the cluster');
    },
  });

  behaviour('etcd-rejoin', {
    'a removed server founds no second cluster': async () => {
      await bed().on('server-2', 'cat >/tmp/alone.yaml', `cluster-init: true\ntoken: ${TOKEN}\n`);
      const ran = await bed().run('server-2', 'timeout 30 k3s server --config /tmp/alone.yaml 2>&1');
      expect(ran.status).toBe(1);
      expect(ran.text).toContain('lab engine: this node was removed from its cluster');
    },
  });
};

/** Cuts a server's etcd from its peers, in both directions. */
const CUT = `nft -f - <<'END'
table inet suite {
  chain in { type filter hook input priority 0; tcp dport 2380 drop; }
  chain out { type filter hook output priority 0; tcp dport 2380 drop; }
}
END
systemctl start --no-block k3s`;

/** What Drover's own gate says about the member of server-2. */
const gate = async (bed: Bed): Promise<CheckResult | undefined> => {
  const { items } = JSON.parse(await kubectl(bed, 'get nodes -o json')) as {
    readonly items: readonly KubeObject[];
  };
  const wanted = [{ name: 'server-2', role: 'server', version: '' } as const];
  return checkNodes(wanted, items).find(({ check, node }) => check === 'etcd-voter' && node === 'server-2');
};

const stuck = (bed: () => Bed): void => {
  behaviour('etcd-learner-stuck', {
    'its Node says that it has no vote, and it is taken out again': async () => {
      await bed().on('server-2', CUT);
      await expect
        .poll(() => voterOf(bed(), 'server-2'), { timeout: 300_000, interval: 250 })
        .toBe('False MemberIsLearner');
      expect(await gate(bed())).toMatchObject({
        status: 'fail',
        detail: expect.stringContaining('not been promoted') as string,
      });
      await expect
        .poll(() => voterOf(bed(), 'server-2'), { timeout: 300_000, interval: 250 })
        .toBe('False MemberNotFound');
      expect(await kubectl(bed(), 'create configmap written --from-literal=while=stuck')).toContain(
        'created',
      );
    },
    'it joins as soon as its peers are reached': async () => {
      await bed().on('server-2', 'systemctl stop k3s; nft delete table inet suite; systemctl start k3s');
      await allVote(bed());
      await nodesReady(bed(), [...SERVERS, 'agent-1']);
    },
  });

  behaviour('reset-alone', {
    'one member is left, and takes writes without the others': async () => {
      await kubectl(bed(), 'create configmap kept --from-literal=word=before');
      await Promise.all(SERVERS.map((server) => bed().on(server, 'systemctl stop k3s')));
      const ran = await bed().run('server-1', 'k3s server --cluster-reset 2>&1');
      expect(ran.status).toBe(0);
      expect(ran.text).toContain(
        'Managed etcd cluster membership has been reset, restart without --cluster-reset flag now',
      );
      await bed().on('server-1', 'systemctl start k3s');
      expect(await kubectl(bed(), 'create configmap alone --from-literal=a=b')).toContain('created');
      expect(await kubectl(bed(), 'get configmap kept -o jsonpath={.data.word}')).toBe('before');
      expect(await kubectlNow(bed(), 'get --raw /readyz')).toBe('ok');
    },
  });
};

/** How members go, by will and by fault. */
export const leaving = (bed: () => Bed): void => {
  removal(bed);
  stuck(bed);
};

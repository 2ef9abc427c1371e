import { expect } from 'vitest';
import { behaviour } from '../behaviour.js';
import { kubectl, kubectlNow, nodesReady } from '../kubectl.js';
import type { Bed } from '../rig.js';
import { certificateNames } from './configuration.js';

const SNAPSHOTS = '/var/lib/rancher/k3s/server/db/snapshots';
const DB = '/var/lib/rancher/k3s/server/db';
const CONFIG = '/etc/rancher/k3s/config.yaml';
const FORWARDING = 'net.ipv4.conf.all.forwarding';

const seconds = (name: string): number => Number(/-(\d+)$/.exec(name)?.[1]);

const snapshots = (bed: () => Bed): void => {
  const list = (begin: string) => bed().on('server-1', `ls ${SNAPSHOTS} | grep '^${begin}' || true`);
  const records = () =>
    kubectl(bed(), 'get etcdsnapshotfiles.k3s.cattle.io -o jsonpath={.items[*].spec.snapshotName}');

  behaviour('snapshots', {
    'are saved under a name, zipped on request, listed and recorded': async () => {
      await kubectl(bed(), 'create configmap kept --from-literal=word=before');
      await bed().on('server-1', 'k3s etcd-snapshot save --name before --snapshot-compress');
      expect(await list('before')).toMatch(/^before-server-1-\d+\.zip$/);
      expect(await bed().on('server-1', `stat -c %a ${SNAPSHOTS}`)).toBe('700');
      const shown = await bed().on('server-1', 'k3s etcd-snapshot ls');
      expect(shown).toMatch(/^Name +Location +Size +Created$/m);
      expect(shown).toMatch(
        /^before-server-1-\d+\.zip +file:\/\/\/var\/lib\/rancher\/k3s\/server\/db\/snapshots\/before-\S+ +\d+ +20/m,
      );
      expect(await records()).toMatch(/before-server-1-\d+\.zip/);
    },
    'are deleted by name': async () => {
      await bed().on('server-1', 'k3s etcd-snapshot save --name gone');
      const name = await list('gone');
      await bed().on('server-1', `k3s etcd-snapshot delete ${name}`);
      expect(await list('gone')).toBe('');
      expect(await records()).not.toContain(name);
    },
    'are pruned by their age': async () => {
      for (let i = 0; i < 3; i += 1) {
        const former = await list('many');
        await bed().on('server-1', 'k3s etcd-snapshot save --name many');
        // Names hold the second: two of one second would be one.
        const stamp = seconds((await list('many')).split('\n').at(-1) ?? '');
        await bed().on('server-1', `while [ "$(date +%s)" -le ${stamp} ]; do :; done`);
        expect(await list('many')).not.toBe(former);
      }
      const all = (await list('many')).split('\n');
      await bed().on('server-1', 'k3s etcd-snapshot prune --name many --snapshot-retention 1');
      expect(await list('many')).toBe(all.at(-1));
    },
  });

  behaviour('snapshot-schedule', {
    'takes them by itself and keeps as many as it was told': async () => {
      const begun = Number(
        await bed().on('server-1', 'date -d "$(systemctl show -p ActiveEnterTimestamp --value k3s)" +%s'),
      );
      const kept = async () => (await list('etcd-snapshot-server-1')).split('\n');
      await expect
        .poll(async () => seconds((await kept())[0] ?? ''), { timeout: 300_000, interval: 500 })
        .toBeGreaterThan(begun + 14);
      expect(await kept()).toHaveLength(2);
    },
  });
};

const POD =
  "get pod stored -o jsonpath='{.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}'";

const restarts = (bed: () => Bed): void => {
  behaviour('pods-survive', {
    'with the same process; the restart ends when the API answers': async () => {
      const before = await kubectl(bed(), POD);
      expect(before).toMatch(/^containerd:\S+ 0$/);
      await bed().on(
        'server-1',
        `cat >${CONFIG}.d/40-later.yaml`,
        'tls-san+: [later.example]\ndisable+: [metrics-server]\n',
      );
      const ready = 'k3s kubectl --kubeconfig /etc/rancher/k3s/admin.yaml get --raw /readyz';
      await bed().on('server-1', `sysctl -qw ${FORWARDING}=0; systemctl restart k3s; ${ready}`);
      await nodesReady(bed(), ['server-1', 'agent-1']);
      expect(await kubectl(bed(), POD)).toBe(before);
    },
  });

  behaviour('forwarding', {
    'is on again after a restart that gave no pod a network': async () => {
      expect(await bed().on('server-1', `sysctl -n ${FORWARDING}`)).toBe('1');
    },
  });

  behaviour('tls-names', {
    'a new one is on the certificate after a restart': async () => {
      expect(await certificateNames(bed(), '127.0.0.1:6443')).toContain('DNS:later.example');
    },
  });

  behaviour('packaged', {
    'what is disabled later is uninstalled': async () => {
      await expect
        .poll(() => kubectlNow(bed(), 'get deploy -n kube-system metrics-server'), { timeout: 300_000 })
        .toContain('NotFound');
      const left = 'find /var/lib/rancher/k3s/server/manifests/metrics-server -type f 2>/dev/null || true';
      await expect.poll(() => bed().on('server-1', left), { timeout: 300_000 }).toBe('');
      expect(await kubectl(bed(), 'get deploy -n kube-system coredns -o name')).toBe(
        'deployment.apps/coredns',
      );
    },
  });
};

const rotation = (bed: () => Bed): void => {
  behaviour('token-command', {
    'rotates: the former token does not start the server again': async () => {
      const said = await bed().on(
        'server-1',
        'k3s token rotate --token first-secret --new-token second-secret',
      );
      expect(said).toContain('Token rotated, restart k3s nodes with new token');
      const ran = await bed().run('server-1', 'systemctl stop k3s; timeout 60 k3s server 2>&1');
      expect([0, 124]).not.toContain(ran.status);
      expect(ran.text).toContain('bootstrap data already found and encrypted with different token');
    },
  });
};

const RESET = 'k3s server --cluster-reset';
const serial = (name: string): string =>
  `openssl x509 -noout -serial -in /var/lib/rancher/k3s/server/tls/${name}.crt`;

const resets = (bed: () => Bed): void => {
  const restore = `${RESET} --cluster-reset-restore-path=$(ls ${SNAPSHOTS}/before-*)`;

  behaviour('reset-token', {
    'the token after a rotation is refused, whole': async () => {
      const ran = await bed().run('server-1', `timeout 60 ${restore} --token second-secret 2>&1`);
      expect([0, 124]).not.toContain(ran.status);
      expect(ran.text).toMatch(/encrypted with different token|bootstrap data.*token/);
    },
  });

  let serials = '';
  behaviour('certificates', {
    'are set aside to be made anew': async () => {
      serials = await bed().on('server-1', `${serial('serving-kube-apiserver')}; ${serial('server-ca')}`);
      expect((await bed().run('server-1', 'k3s certificate rotate 2>&1')).text).toContain(
        'Successfully backed up certificates',
      );
    },
  });

  behaviour('reset-snapshot', {
    'opens a zipped snapshot with the token of its time and keeps the former data': async () => {
      const ran = await bed().run('server-1', `${restore} --token first-secret 2>&1`);
      expect(ran.text).toContain('restart without --cluster-reset flag now');
      expect(ran.status).toBe(0);
      const left = await bed().on('server-1', `ls ${DB}`);
      expect(left).toMatch(/etcd-old-\d+/);
      expect(left).toContain('reset-flag');
    },
    'does not reset twice': async () => {
      const ran = await bed().run('server-1', `${RESET} 2>&1`);
      expect(ran.status).not.toBe(0);
      expect(ran.text).toContain('Managed etcd cluster membership was previously reset');
    },
    'the cluster is as it was': async () => {
      await bed().on('server-1', 'systemctl start k3s');
      await nodesReady(bed(), ['server-1', 'agent-1']);
      expect(await kubectl(bed(), 'get configmap kept -o jsonpath={.data.word}')).toBe('before');
      expect(await bed().on('server-1', `ls ${DB}`)).not.toContain('reset-flag');
    },
  });

  behaviour('certificates', {
    'are new after the start, of the same authority': async () => {
      const [leaf, authority] = serials.split('\n');
      const now = await bed().on('server-1', `${serial('serving-kube-apiserver')}; ${serial('server-ca')}`);
      expect(now.split('\n')[0]).not.toBe(leaf);
      expect(now.split('\n')[1]).toBe(authority);
    },
  });
};

/** What is kept, what survives a restart, and how to go back. */
export const datastore = (bed: () => Bed): void => {
  snapshots(bed);
  restarts(bed);
  rotation(bed);
  resets(bed);
};

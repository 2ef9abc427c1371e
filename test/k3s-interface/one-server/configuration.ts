import { expect } from 'vitest';
import { behaviour } from '../behaviour.js';
import { apply, kubectl } from '../kubectl.js';
import type { Bed } from '../rig.js';

const LOG = 'journalctl -q -o cat -u k3s';

/** Names on the certificate that the API server shows. */
export const certificateNames = (bed: Bed, address: string): Promise<string> =>
  bed.on(
    'server-1',
    `echo | openssl s_client -connect ${address} 2>/dev/null | openssl x509 -noout -ext subjectAltName`,
  );

const files = (bed: () => Bed): void => {
  behaviour('config-files', {
    'the last value of a key wins, in a file and over all files': async () => {
      expect(await kubectl(bed(), 'get nodes -o name')).toContain('node/server-1');
      expect(await bed().on('server-1', 'cat /var/lib/rancher/k3s/server/token')).toMatch(/:first-secret$/);
    },
    'a later list replaces the former, and one with a plus appends': async () => {
      const names = await certificateNames(bed(), '127.0.0.1:6443');
      expect(names).toContain('DNS:one.example');
      expect(names).toContain('DNS:two.example');
      expect(names).not.toContain('gone.example');
      const labels = await kubectl(bed(), 'get node server-1 -o jsonpath={.metadata.labels}');
      for (const label of ['from.example/file', 'kept.example/file', 'added.example/drop-in'])
        expect(labels).toContain(label);
    },
  });

  behaviour('config-precedence', {
    'a flag beats the file': async () => {
      expect(await bed().on('server-1', 'stat -c %a /etc/rancher/k3s/admin.yaml')).toBe('640');
    },
    'a file beats a variable, which works where nothing else is said': async () => {
      expect(await kubectl(bed(), 'get nodes -o name')).not.toContain('never');
      expect(await bed().on('server-1', 'ls /etc/rancher/k3s')).toContain('admin.yaml');
    },
  });

  behaviour('config-unknown-keys', {
    'the server warns and starts': async () => {
      expect(await bed().on('server-1', LOG)).toContain(
        'Unknown flag --nonsense-key found in config.yaml, skipping',
      );
    },
    'agents do not know keys of servers': async () => {
      await bed().on(
        'agent-2',
        'cat >/tmp/agent.yaml',
        'cluster-init: true\nserver: ftp://nowhere\ntoken: x\n',
      );
      const ran = await bed().run('agent-2', 'k3s agent --config /tmp/agent.yaml --data-dir /tmp/agent');
      expect(ran.status).not.toBe(0);
      expect(ran.text).toContain('Unknown flag --cluster-init found in config.yaml, skipping');
    },
  });

  behaviour('config-unknown-flags', {
    'nothing starts': async () => {
      for (const command of ['server', 'agent', 'etcd-snapshot save']) {
        const ran = await bed().run('agent-2', `k3s ${command} --nonsense 2>&1`);
        expect(ran.status).not.toBe(0);
        expect(ran.text).toContain('flag provided but not defined: -nonsense');
      }
    },
  });
};

const components = (bed: () => Bed): void => {
  behaviour('component-args', {
    'the API server takes them, and what is added stands beside the default': async () => {
      const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'args' } };
      const resources = { limits: { 'suite.example/card': 1 } };
      const containers = [{ name: 'main', image: 'suite.example/none:1', resources }];
      await apply(bed(), JSON.stringify({ ...manifest, spec: { containers } }));
      const tolerations = await kubectl(bed(), 'get pod args -o jsonpath={.spec.tolerations}');
      expect(tolerations).toContain('"tolerationSeconds":33');
      expect(tolerations).toContain('suite.example/card');
      await kubectl(bed(), 'delete pod args --now');
      const kubelet = '/var/lib/rancher/k3s/agent/kubelet.kubeconfig';
      const other = await bed().run(
        'agent-1',
        `k3s kubectl --kubeconfig ${kubelet} label node server-1 a=b 2>&1`,
      );
      expect(other.status).not.toBe(0);
      expect(other.text).toContain('forbidden');
    },
    'the controller manager, the scheduler, kubelet, kube-proxy and etcd take them': async () => {
      expect(await kubectl(bed(), 'get node server-1 -o jsonpath={.spec.podCIDR}')).toMatch(/\/25$/);
      expect(await kubectl(bed(), 'get -n kube-system leases -o name')).toContain(
        'lease.coordination.k8s.io/suite-scheduler',
      );
      expect(await kubectl(bed(), 'get node server-1 -o jsonpath={.status.capacity.pods}')).toBe('77');
      expect(await bed().on('server-1', 'curl -sf 127.0.0.1:10349/metrics')).toContain('kubeproxy_');
      const metrics = await bed().on('server-1', 'curl -sf 127.0.0.1:2381/metrics');
      expect(metrics).toMatch(/^etcd_server_quota_backend_bytes 1\.234567168e\+09$/m);
    },
  });

  behaviour('etcd-timing', {
    'stands in etcd’s own configuration': async () => {
      const config = await bed().on('server-1', 'cat /var/lib/rancher/k3s/server/db/etcd/config');
      expect(config).toMatch(/heartbeat-interval: 500\b/);
      expect(config).toMatch(/election-timeout: 5000\b/);
    },
  });
};

/** Modes are those that K3s gives; links are followed. */
const MODES: Readonly<Record<string, string>> = {
  '/var/lib/rancher/k3s/server/token': '600',
  '/var/lib/rancher/k3s/server/agent-token': '600',
  '/var/lib/rancher/k3s/server/cred/admin.kubeconfig': '600',
  '/var/lib/rancher/k3s/server/cred/passwd': '600',
  '/var/lib/rancher/k3s/server/tls/server-ca.key': '600',
  '/var/lib/rancher/k3s/server/tls/client-ca.key': '600',
  '/var/lib/rancher/k3s/server/tls/request-header-ca.key': '600',
  '/var/lib/rancher/k3s/server/tls/etcd/server-ca.key': '600',
  '/var/lib/rancher/k3s/server/tls/etcd/peer-ca.key': '600',
  '/var/lib/rancher/k3s/server/tls/service.key': '600',
  '/var/lib/rancher/k3s/server/cred/encryption-config.json': '600',
  '/var/lib/rancher/k3s/server/db/etcd': '700',
  '/var/lib/rancher/k3s/agent/kubelet.kubeconfig': '600',
  '/var/lib/rancher/k3s/agent/client-kubelet.key': '600',
  '/var/lib/rancher/k3s/agent/serving-kubelet.key': '600',
  '/etc/rancher/node/password': '600',
};

const places = (bed: () => Bed): void => {
  behaviour('paths', {
    'files that hold secrets are root’s alone': async () => {
      const paths = Object.keys(MODES);
      const found = await bed().on('server-1', `stat -L -c '%n %a %U' ${paths.join(' ')}`);
      expect(found.split('\n')).toEqual(paths.map((path) => `${path} ${MODES[path]} root`));
    },
    'the token for nodes and the folder of manifests are where K3s has them': async () => {
      const link = await bed().on('server-1', 'readlink /var/lib/rancher/k3s/server/node-token');
      expect(link).toMatch(/(^|\/)agent-token$/);
      expect(await bed().on('server-1', 'ls /var/lib/rancher/k3s/server/manifests')).toContain(
        'coredns.yaml',
      );
      await bed().on('server-1', 'test -S /run/k3s/containerd/containerd.sock');
      await bed().on(
        'agent-1',
        'test -S /run/k3s/containerd/containerd.sock; test -d /var/lib/rancher/k3s/agent/containerd',
      );
    },
  });

  behaviour('kubeconfig-file', {
    'leads to the server itself as administrator, at the path and with the mode given': async () => {
      const use = 'k3s kubectl --kubeconfig /etc/rancher/k3s/admin.yaml';
      expect(await bed().on('server-1', `${use} config view -o jsonpath={.clusters[0].cluster.server}`)).toBe(
        'https://127.0.0.1:6443',
      );
      expect(await bed().on('server-1', `${use} auth can-i '*' '*'`)).toBe('yes');
      expect(await bed().on('server-1', 'stat -c %a /etc/rancher/k3s/admin.yaml')).toBe('640');
    },
  });
};

const IGNORED = [
  'v=2',
  'vmodule=a=1',
  'log=/tmp/x',
  'selinux',
  'prefer-bundled-bin',
  'egress-selector-mode=pod',
  'embedded-registry',
  'supervisor-metrics',
  'helm-job-image=x',
  'kube-cloud-controller-manager-arg=v=1',
  'default-runtime=x',
  'airgap-extra-registry=x',
];
const REFUSED = [
  'datastore-endpoint=x',
  'datastore-cafile=x',
  'datastore-certfile=x',
  'datastore-keyfile=x',
  'etcd-s3',
  'rootless',
  'docker',
  'container-runtime-endpoint=x',
  'vpn-auth=x',
  'disable-agent',
  'disable-apiserver',
  'disable-etcd',
  'flannel-external-ip',
  'flannel-ipv6-masq',
  'flannel-conf=x',
];
const asFlags = (flags: readonly string[]): string => flags.map((flag) => `--${flag}`).join(' ');
const nameOf = (flag: string): string => flag.replace(/=.*/, '');

const absent = (bed: () => Bed): void => {
  behaviour('flags-ignored', {
    'each is named in a warning': async () => {
      const command = `k3s server --data-dir /tmp/flags ${asFlags(IGNORED)} --flannel-backend nothing`;
      const { text } = await bed().run('agent-2', command);
      for (const flag of IGNORED) expect(text).toContain(`lab engine: --${nameOf(flag)} has no effect here`);
    },
  });
  behaviour('flags-refused', {
    'all are named at once, and nothing starts': async () => {
      const ran = await bed().run(
        'agent-2',
        `k3s server --data-dir /tmp/flags --cluster-init ${asFlags(REFUSED)}`,
      );
      expect(ran.status).toBe(1);
      for (const flag of REFUSED)
        expect(ran.text).toContain(`lab engine: --${nameOf(flag)} is not supported`);
    },
  });
  behaviour('sqlite', {
    'such a server is refused and told about cluster-init': async () => {
      const ran = await bed().run('agent-2', 'k3s server --data-dir /tmp/sqlite');
      expect(ran.status).toBe(1);
      expect(ran.text).toMatch(/lab engine: .*SQLite.*cluster-init: true/);
    },
  });
  behaviour('flannel-absent', {
    'other backends and second ranges are refused': async () => {
      const dual = '--cluster-cidr 10.42.0.0/16,fd00::/56 --service-cidr 10.43.0.0/16,fd01::/112';
      const ran = await bed().run(
        'agent-2',
        `k3s server --data-dir /tmp/fl --cluster-init --flannel-backend wireguard-native ${dual}`,
      );
      expect(ran.status).toBe(1);
      expect(ran.text).toContain('lab engine: flannel-backend \\"wireguard-native\\" is not supported');
      expect(ran.text).toContain('lab engine: dual-stack is not supported');
    },
  });
};

/** What a server makes of its configuration: files, flags, variables, names and modes. */
export const configuration = (bed: () => Bed): void => {
  files(bed);
  components(bed);
  places(bed);
  absent(bed);
};

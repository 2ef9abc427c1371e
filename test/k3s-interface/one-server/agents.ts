import { expect } from 'vitest';
import { image } from '../../lab/support/cluster.js';
import { behaviour } from '../behaviour.js';
import { apply, kubectl, pod, podReady } from '../kubectl.js';
import type { Bed } from '../rig.js';
import { certificateNames } from './configuration.js';
import { AGENT_NIC2, PLAIN_REGISTRY, SAFE_REGISTRY, SERVER, SERVER_NIC2 } from './hosts.js';
import { asked } from './registry.js';

const AGENT = '/var/lib/rancher/k3s/agent';
const INTERNAL = `{.status.addresses[?(@.type=="InternalIP")].address}`;
const field = (bed: Bed, node: string, path: string): Promise<string> =>
  kubectl(bed, `get node ${node} -o jsonpath='${path}'`);

const identities = (bed: () => Bed): void => {
  behaviour('node-identities', {
    'certificates name the node and its components, nothing more': async () => {
      const subject = (name: string) =>
        bed().on('agent-1', `openssl x509 -noout -subject -nameopt RFC2253 -in ${AGENT}/${name}.crt`);
      expect(await subject('client-kubelet')).toMatch(
        /^subject=(CN=system:node:agent-1,O=system:nodes|O=system:nodes,CN=system:node:agent-1)$/,
      );
      expect(await subject('client-kube-proxy')).toBe('subject=CN=system:kube-proxy');
      expect(await subject('client-k3s-controller')).toBe('subject=CN=system:k3s-controller');
    },
    'none of them may read Secrets, and no authority’s key is there': async () => {
      for (const name of ['kubelet', 'kubeproxy', 'k3scontroller']) {
        const use = `k3s kubectl --kubeconfig ${AGENT}/${name}.kubeconfig`;
        const { text } = await bed().run('agent-1', `${use} auth can-i list secrets -n kube-system 2>&1`);
        expect(text.trim()).toMatch(/^no/);
      }
      expect(await bed().on('agent-1', `ls /var/lib/rancher/k3s; find ${AGENT} -name '*ca.key'`)).not.toMatch(
        /server|ca\.key/,
      );
    },
  });
};

const settings = (bed: () => Bed): void => {
  behaviour('node-settings', {
    'name in small letters, labels, taints and address are those of the configuration': async () => {
      expect(await field(bed(), 'agent-1', '{.metadata.labels}')).toContain('"role.example/suite":"agent"');
      expect(await field(bed(), 'agent-1', '{.spec.taints}')).toContain(
        '{"effect":"NoSchedule","key":"dedicated.example/suite","value":"yes"}',
      );
      expect(await field(bed(), 'server-1', INTERNAL)).toBe(SERVER);
      expect(await field(bed(), 'server-1', '{.metadata.annotations.k3s\\.io/internal-ip}')).toBe(SERVER);
    },
  });

  behaviour('flannel-iface', {
    'packets between nodes go over the second card': async () => {
      const device = (host: string) => bed().on(host, 'ip -d link show flannel.1');
      expect(await device('server-1')).toMatch(new RegExp(`local ${SERVER_NIC2} dev nic2`));
      expect(await device('agent-1')).toMatch(new RegExp(`local ${AGENT_NIC2} dev nic2`));
      const publicAddress = '{.metadata.annotations.flannel\\.alpha\\.coreos\\.com/public-ip}';
      expect(await field(bed(), 'server-1', publicAddress)).toBe(SERVER_NIC2);
    },
    'its address is the node’s where no other is given': async () => {
      expect(await field(bed(), 'agent-1', INTERNAL)).toBe(AGENT_NIC2);
    },
  });

  behaviour('kubelet-config', {
    'drop-ins, resolv-conf and protect-kernel-defaults reach kubelet': async () => {
      const answer = await kubectl(bed(), 'get --raw /api/v1/nodes/agent-1/proxy/configz');
      const { kubeletconfig } = JSON.parse(answer) as {
        readonly kubeletconfig: Readonly<Record<string, unknown>>;
      };
      expect(kubeletconfig).toMatchObject({
        podPidsLimit: 1234,
        resolvConf: '/etc/suite-resolv.conf',
        protectKernelDefaults: true,
      });
    },
  });

  behaviour('node-external-ip', {
    'is an annotation and a name, not an address of the Node': async () => {
      expect(await field(bed(), 'server-1', '{.metadata.annotations.k3s\\.io/external-ip}')).toBe(
        '192.0.2.7',
      );
      expect(await field(bed(), 'server-1', '{.status.addresses[*].type}')).not.toContain('ExternalIP');
      expect(await certificateNames(bed(), '127.0.0.1:6443')).toContain('IP Address:192.0.2.7');
    },
  });

  behaviour('cgroups', {
    'kubelet’s driver is that of the host’s cgroups': async () => {
      const unified = (await bed().on('agent-1', 'stat -fc %T /sys/fs/cgroup')) === 'cgroup2fs';
      const answer = await kubectl(bed(), 'get --raw /api/v1/nodes/agent-1/proxy/configz');
      expect(answer).toContain(`"cgroupDriver":"${unified ? 'systemd' : 'cgroupfs'}"`);
    },
  });

  behaviour('containerd-template', {
    'is not read': async () => {
      const folder = `${AGENT}/etc/containerd`;
      expect(await bed().on('server-1', `cat ${folder}/config.toml.tmpl`)).toContain('template of the suite');
      expect(await bed().on('server-1', `cat ${folder}/config.toml`)).not.toContain('template of the suite');
    },
  });
};

const images = (bed: () => Bed): void => {
  behaviour('image-folder', {
    'archives of all three kinds are imported, and pods start from them': async () => {
      const listed = await bed().on('server-1', 'k3s ctr images ls -q');
      for (const name of ['pause', 'busybox', 'coredns', 'local-path-provisioner'])
        expect(listed).toContain(await image(name));
      await apply(bed(), await pod('stored', 'server-1'));
      await podReady(bed(), 'stored');
      expect(await bed().on('agent-1', 'k3s ctr images ls -q')).toContain(await image('pause'));
    },
  });

  behaviour('registries', {
    'a mirror with TLS and a password serves the images of a registry': async () => {
      const busybox = await image('busybox');
      const path = busybox.replace(/^docker\.io/, PLAIN_REGISTRY);
      await bed().on(
        'server-1',
        `k3s ctr images tag ${busybox} ${path} && k3s ctr images push --plain-http ${path}`,
      );
      expect(
        await bed().on('agent-2', `curl -sk -o /dev/null -w '%{http_code}' https://${SAFE_REGISTRY}/v2/`),
      ).toBe('401');
      await apply(bed(), await pod('mirrored', 'agent-1', { image: busybox }));
      await podReady(bed(), 'mirrored');
      const log = await asked(bed(), 'safe');
      expect(log).toContain('auth.user.name=suite');
      expect(log).toMatch(
        /"GET \/v2\/rancher\/mirrored-library-busybox\/blobs\/\S+\?ns=docker\.io HTTP\/1\.1" 200/,
      );
    },
    'a mirror without TLS, and one for every other registry': async () => {
      for (const registry of ['plain.example', 'other.example']) {
        const other = (await image('busybox')).replace('docker.io', registry);
        const name = registry.replace('.', '-');
        await apply(bed(), await pod(name, 'agent-1', { image: other }));
        await podReady(bed(), name);
        expect(await asked(bed(), 'plain')).toContain(`ns=${registry} `);
      }
    },
  });

  behaviour('registries-rewrite', {
    'is refused': async () => {
      await bed().on(
        'agent-2',
        'cat >/tmp/rewrite.yaml',
        'mirrors: { docker.io: { endpoint: [], rewrite: { a: b } } }\n',
      );
      const flags =
        '--server https://127.0.0.1:1 --token x --private-registry /tmp/rewrite.yaml --lb-server-port 7444';
      const ran = await bed().run('agent-2', `timeout 20 k3s agent --data-dir /tmp/rewrite ${flags} 2>&1`);
      expect(ran.status).toBe(1);
      expect(ran.text).toContain('lab engine: rewrite of mirror docker.io is not supported');
    },
  });
};

const network = (bed: () => Bed): void => {
  behaviour('flannel-vxlan', {
    'pods of two nodes reach each other with the MTU that the packets leave': async () => {
      const address = await kubectl(bed(), 'get pod stored -o jsonpath={.status.podIP}');
      expect(await bed().on('agent-1', 'cat /sys/class/net/flannel.1/mtu /sys/class/net/cni0/mtu')).toBe(
        '1450\n1450',
      );
      await kubectl(bed(), `exec mirrored -- ping -c 1 -W 3 -s 1422 ${address}`);
    },
  });

  behaviour('network-policy', {
    'no rule of a controller is there': async () => {
      const rules = await bed().on('server-1', 'iptables-save');
      expect(rules).toContain('KUBE-SERVICES');
      expect(rules).not.toContain('KUBE-ROUTER');
    },
  });
};

/** What a node makes of its configuration, images and networks. */
export const agents = (bed: () => Bed): void => {
  identities(bed);
  settings(bed);
  images(bed);
  network(bed);
};

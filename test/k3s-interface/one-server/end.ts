import { expect } from 'vitest';
import { behaviour } from '../behaviour.js';
import type { Bed } from '../rig.js';

/** What pods leave in the kernel; nothing when they are gone. */
const TRACES = `
pgrep -f 'containerd-shim.*k3s' || true
ip -o link show | grep -E 'cni0|flannel|veth' || true
iptables-save | grep -E 'KUBE-|CNI-|flannel' || true
grep -E ' /run/k3s| /var/lib/kubelet/pods| /run/netns/cni' /proc/mounts || true`;

const GONE = [
  '/etc/rancher/k3s',
  '/run/k3s',
  '/usr/local/bin/k3s',
  '/usr/local/bin/kubectl',
  '/usr/local/bin/ctr',
  '/usr/local/bin/k3s-killall.sh',
  '/etc/systemd/system/k3s.service',
  '/etc/systemd/system/k3s-agent.service',
  '/etc/systemd/system/k3s.service.env',
  '/usr/local/bin/k3s-uninstall.sh',
  '/usr/local/bin/k3s-agent-uninstall.sh',
];

/** How K3s is stopped for good. */
export const end = (bed: () => Bed): void => {
  behaviour('killall', {
    'takes pods, mounts, interfaces and rules, and leaves the data': async () => {
      expect(await bed().on('agent-1', TRACES)).toMatch(/cni0[\s\S]*KUBE-/);
      await bed().on('agent-1', 'k3s-killall.sh');
      expect(await bed().on('agent-1', TRACES)).toBe('');
      expect(await bed().on('agent-1', 'systemctl is-active k3s-agent || true')).toBe('inactive');
      await bed().on(
        'agent-1',
        'test -s /var/lib/rancher/k3s/agent/client-kubelet.crt; test -s /etc/rancher/k3s/config.yaml',
      );
    },
    'and everything comes back with the next start': async () => {
      await bed().on('agent-1', 'systemctl start k3s-agent');
      await expect
        .poll(() => bed().on('agent-1', TRACES), { timeout: 300_000, interval: 500 })
        .toMatch(/cni0[\s\S]*KUBE-/);
    },
  });

  behaviour('uninstall', {
    'leaves nothing but the node’s password, also of local-path volumes': async () => {
      await bed().on(
        'server-1',
        'mkdir -p /var/lib/rancher/k3s/storage/pvc-1; echo data >/var/lib/rancher/k3s/storage/pvc-1/file',
      );
      const scripts = { 'server-1': 'k3s-uninstall.sh', 'agent-1': 'k3s-agent-uninstall.sh' };
      for (const [host, script] of Object.entries(scripts)) {
        await bed().on(host, script);
        expect(await bed().on(host, `ls -d ${GONE.join(' ')} 2>/dev/null || true`)).toBe('');
        expect(
          await bed().on(host, 'find /var/lib/rancher /var/lib/kubelet -mindepth 2 2>/dev/null || true'),
        ).toBe('');
        expect(await bed().on(host, TRACES)).toBe('');
        expect(await bed().on(host, 'cat /etc/rancher/node/password')).toMatch(/^\S+$/);
      }
    },
  });
};

import { findingIf, step, where } from '../compose.js';
import { k3sInstalls, settingOf } from '../k3s.js';
import { defineRule } from '../rule.js';

export const kubeProxyDiffers = defineRule({
  code: 'kube-proxy-differs',
  title: 'kube-proxy is switched off on some servers only',
  severity: 'error',
  reads: ['kubernetes'],
  explain: `\`disable-kube-proxy\` must be the same on all servers, but K3s does not check it. Which nodes get a kube-proxy then depends on the server that they happen to talk to, so Services work on some nodes and not on others.`,
  source: 'https://docs.k3s.io/cli/server',
  check: (context) => {
    const servers = k3sInstalls(context, 'server');
    const key = 'disable-kube-proxy';
    if (new Set(servers.map((server) => settingOf(server, key))).size < 2) return [];
    const seen = servers.map((server) => ({
      host: server.host,
      fact: `hosts.${server.host}.kubernetes.installs.k3s.settings.${key}`,
      text: `${key}: ${settingOf(server, key)}`,
      key: '',
    }));
    return findingIf(seen, () => ({
      title: `kube-proxy is switched off on some of the servers ${where(seen)}, and on others not`,
      cause: 'The value was changed on some servers only; K3s does not compare it.',
      fix: step(
        'k3s.config',
        'write the same disable-kube-proxy on all servers, then restart k3s one by one',
      ),
    }));
  },
});

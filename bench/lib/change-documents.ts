import { setTimeout as delay } from 'node:timers/promises';
import type { BenchLab } from './lab.js';
import { besideOnHost } from './remote.js';

/*
 * What widely followed instructions say, as they say it: append two keys to K3s' configuration on every server and restart it,
 * apply the new network with its own defaults, wait for its agents, delete the pods. They know nothing of the agents' hosts, of
 * ranges, or of what the former network leaves.
 */

const CONFIGURE = `cat >> /etc/rancher/k3s/config.yaml <<EOF
flannel-backend: none
disable-network-policy: true
EOF
systemctl restart k3s`;

/** "Wait until all servers are ready, about 30 to 60 seconds." */
const PATIENCE_MS = 30_000;

export interface DocumentedChange {
  readonly servers: readonly string[];
  /** The network, as a manifest with its own defaults. */
  readonly manifest: string;
}

export const changeAsDocumented = async (
  lab: BenchLab,
  { servers, manifest }: DocumentedChange,
): Promise<void> => {
  for (const server of servers) await besideOnHost(lab, server, CONFIGURE);
  await delay(PATIENCE_MS);
  const first = servers[0] ?? '';
  const steps = [
    `cat >/root/network.json <<'DROVER_END'\n${manifest}\nDROVER_END`,
    'kubectl apply -f /root/network.json',
    'kubectl -n lab-network wait --for=condition=ready pod -l app=labnet --timeout=300s || true',
    'kubectl delete pods -A --field-selector spec.hostNetwork=false --wait=false',
    'kubectl -n lab-network rollout restart daemonset labnet',
  ];
  for (const step of steps) await besideOnHost(lab, first, step);
};

import { nodesReady } from '../kubectl.js';
import { type Bed, makeBed } from '../rig.js';

export const SERVERS = ['server-1', 'server-2', 'server-3'];
export const addressOf = (server: string): string => `10.93.0.1${server.slice(-1)}`;
export const AGENT_ADDRESS = '10.93.0.21';
export const TOKEN = 'three-secret';
const PATH = '/etc/rancher/k3s/config.yaml';

const config = (server: string, more: string): string =>
  `node-ip: ${addressOf(server)}\ndisable: [traefik, servicelb, coredns, local-storage, metrics-server]\n${more}`;

/** Puts a server on a host; it restarts itself only where the suite does not watch it end. */
export const installServer = (bed: Bed, server: string, more: string): Promise<void> =>
  bed.install(server, {
    role: 'server',
    files: { [PATH]: config(server, more) },
    images: { pause: 'tar', busybox: 'tar' },
    env: 'DROVER_LAB_LEARNER_STALL=6s\n',
  });

/** The agent is told server and token by variables alone, as K3s' installer does it. */
export const installAgent = (bed: Bed): Promise<void> =>
  bed.install('agent-1', {
    role: 'agent',
    files: { [PATH]: `node-ip: ${AGENT_ADDRESS}\n` },
    images: { pause: 'tar', busybox: 'tar' },
    env: `K3S_URL=https://${addressOf('server-1')}:6443\nK3S_TOKEN=${TOKEN}\n`,
  });

const JOIN = `server: https://${addressOf('server-1')}:6443\n`;

/** Founds with one server; the second joins with the short token, the third with the full one, the agent with the short one. */
export const startCluster = async (bed: Bed): Promise<void> => {
  await Promise.all([
    installServer(bed, 'server-1', `cluster-init: true\ntoken: ${TOKEN}\n`),
    installServer(bed, 'server-2', `${JOIN}token: ${TOKEN}\n`),
    installAgent(bed),
  ]);
  await bed.on('server-1', 'systemctl start k3s');
  await Promise.all([
    bed.on('server-2', 'systemctl start --no-block k3s'),
    bed.on('agent-1', 'systemctl start --no-block k3s-agent'),
  ]);
  const full = await bed.on('server-1', 'cat /var/lib/rancher/k3s/server/token');
  await installServer(bed, 'server-3', `${JOIN}token: ${full}\n`);
  await bed.on('server-3', 'systemctl start k3s');
  await nodesReady(bed, [...SERVERS, 'agent-1']);
};

export const makeHosts = (): Promise<Bed> =>
  makeBed({ name: 'k3s-three', net: '10.93.0', servers: 3, agents: 1 });

import { formatAddress, nthAddress, parseCidr, usableHosts } from '../../core/cidr.js';
import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import type { LabContext } from '../context.js';
import { operatorNetns, portName, routerNetns } from '../names.js';
import type { LabPlan } from '../state/schema.js';
import { addNetns, checkInNetns, execInNetns, ipBatch, setSysctls } from './netns.js';
import { routerRules } from './router-rules.js';

/** What providers' routed networks carry (Hetzner Cloud: 1450). */
export const ROUTED_MTU = 1450;

/** The operator's address: the last one of the node range that no host has. */
export const operatorAddress = (plan: Pick<LabPlan, 'nodes' | 'hosts'>): string => {
  const range = parseCidr(plan.nodes);
  const taken = new Set(plan.hosts.map((host) => host.address));
  for (let n = range === undefined ? 0 : Number(usableHosts(range)); range !== undefined && n > 1; n--) {
    const address = nthAddress(range, n);
    if (address !== undefined && !taken.has(formatAddress(address))) return formatAddress(address);
  }
  throw new Error(`no free address in ${plan.nodes}`);
};

const makeRouter = async (plan: LabPlan): Promise<Result<void, DroverError>> => {
  const router = routerNetns(plan);
  const added = await addNetns(router);
  if (!added.ok) return added;
  await setSysctls(router, {
    'net.ipv4.ip_forward': '1',
    'net.ipv4.conf.all.send_redirects': '0',
    'net.ipv4.conf.default.send_redirects': '0',
    // The rules check sources themselves, as the provider does: by the host behind the port.
    'net.ipv4.conf.all.rp_filter': '0',
    'net.ipv4.conf.default.rp_filter': '0',
  });
  const filtered = await checkInNetns(router, ['nft', '-f', '-'], { input: routerRules(plan) });
  return filtered.ok ? ok(undefined) : filtered;
};

/** Every host is a /32 behind a router; no host ever sees another's frames (L3), as at cloud providers. */
export const makeRoutedNetwork = async (plan: LabPlan): Promise<Result<void, DroverError>> => {
  const [operator, router] = [operatorNetns(plan), routerNetns(plan)];
  const address = operatorAddress(plan);
  const added = await addNetns(operator);
  if (!added.ok) return added;
  const made = await makeRouter(plan);
  if (!made.ok) return made;
  const routed = await ipBatch(router, [
    'link set lo up',
    `address add ${plan.gateway}/32 dev lo`,
    ...plan.resolvers.map((resolver) => `address add ${resolver}/32 dev lo`),
    `link add operator type veth peer name router netns ${operator}`,
    `link set operator mtu ${ROUTED_MTU} up`,
    `route add ${address}/32 dev operator src ${plan.gateway}`,
  ]);
  if (!routed.ok) return routed;
  return ipBatch(operator, [
    'link set lo up',
    `address add ${address}/32 dev router`,
    `link set router mtu ${ROUTED_MTU} up`,
    `route add ${plan.gateway}/32 dev router src ${address}`,
    `route add default via ${plan.gateway} dev router src ${address}`,
  ]);
};

/** Plugs a started host into the router. systemd-nspawn makes the cable a moment after it starts. */
export const plugIntoRouter = async (
  context: LabContext,
  plan: LabPlan,
  host: { readonly name: string; readonly address: string },
): Promise<Result<void, DroverError>> => {
  const router = routerNetns(plan);
  const port = portName(plan, host.name);
  const deadline = context.clock.monotonic() + 10_000;
  while ((await execInNetns(router, ['ip', 'link', 'show', port])).status !== 0) {
    if (context.clock.monotonic() > deadline) break;
    await context.clock.delay(20, context.signal);
  }
  return ipBatch(router, [
    `link set ${port} mtu ${ROUTED_MTU} up`,
    `route add ${host.address}/32 dev ${port} src ${plan.gateway}`,
  ]);
};

import type { Clock } from '../../../core/ports/clock.js';
import type { Kube } from '../../../core/ports/kube.js';
import type { HostTarget } from '../../../core/ports/transport.js';
import { createKube } from '../../../kube/client.js';
import { loadCredentials } from '../../../kube/credentials.js';
import type { ApiPath } from '../../../verify/api.js';
import type { Balancer } from './balancer.js';

/** A client by a kubeconfig's text, which never touches the disk. */
export const kubeOf = async (text: string, clock: Clock): Promise<Kube> =>
  createKube(await loadCredentials({ text }, () => clock.now()), clock);

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** The same kubeconfig for another way to the API: certificates and CA stay, so that the other address must prove itself. */
const through = (kubeconfig: string, address: string, port: number | undefined): string =>
  kubeconfig.replace(
    /server: https:\/\/(?:\[[^\]]+\]|[^:\s]+)(:\d+)?/g,
    (_, old: string | undefined) =>
      `server: https://${bracketed(address)}${port === undefined ? (old ?? '') : `:${port}`}`,
  );

/** Every way to the API that must work: each server by its own address, and the balancer. */
export const apiPaths = async (
  kubeconfig: string,
  servers: readonly HostTarget[],
  { balancer, clock }: { readonly balancer: Balancer | undefined; readonly clock: Clock },
): Promise<ApiPath[]> => {
  const direct = servers.map(async ({ name, address }): Promise<ApiPath> => {
    return { kind: 'server', name, kube: await kubeOf(through(kubeconfig, address, undefined), clock) };
  });
  if (balancer === undefined) return Promise.all(direct);
  const { name, address, port } = balancer;
  const kube = await kubeOf(through(kubeconfig, address, port), clock);
  return [...(await Promise.all(direct)), { kind: 'balancer', name, kube }];
};

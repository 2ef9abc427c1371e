import ipaddr from 'ipaddr.js';

/**
 * An address of the pod range that hardly any pod has: near its end, which clusters give to their last nodes.
 * `undefined` for IPv6 and for ranges too small to have such an address.
 */
export const probeAddress = (pods: string): string | undefined => {
  if (!ipaddr.isValidCIDR(pods)) return undefined;
  const [network, prefix] = ipaddr.parseCIDR(pods);
  if (network.kind() !== 'ipv4' || prefix > 29) return undefined;
  const last = ipaddr.IPv4.broadcastAddressFromCIDR(pods).toByteArray();
  return [...last.slice(0, 3), (last[3] ?? 0) - 4].join('.');
};

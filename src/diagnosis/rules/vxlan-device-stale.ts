import { type Look, observe } from '../access.js';
import { activeNetworks, type Owner } from '../cni.js';
import { findingIf, manual, where } from '../compose.js';
import { neededUdp } from '../networks.js';
import { defineRule } from '../rule.js';

const OWNER: Readonly<Record<string, Owner>> = {
  'flannel.1': 'flannel',
  'flannel-v6.1': 'flannel',
  'flannel.4096': 'flannel',
  'vxlan.calico': 'calico',
  'vxlan-v6.calico': 'calico',
  cilium_vxlan: 'cilium',
  cilium_geneve: 'cilium',
  'labnet.1': 'lab',
};

export const vxlanDeviceStale = defineRule({
  code: 'vxlan-device-stale',
  title: "An unused VXLAN device holds the tunnel's UDP port",
  severity: 'error',
  reads: ['links', 'cni', 'kubernetes', 'spec'],
  explain: `The kernel gives a UDP port to one kind of VXLAN device at a time: while a device of an earlier network holds it, the new one fails with "address already in use" (Cilium's device against Flannel's above all), or two devices answer for one
network id.`,
  source: 'https://github.com/cilium/cilium/issues/8990',
  check: (context) => {
    const port = neededUdp(context.cluster);
    const seen = observe(context, 'links', (links, host): Look[] =>
      links
        .filter(({ name, vxlan }) => {
          const owner = OWNER[name];
          return (
            vxlan !== undefined &&
            owner !== undefined &&
            (vxlan.port === port || vxlan.port === 0) &&
            !activeNetworks(host).has(owner)
          );
        })
        .map(({ name, vxlan }) => ({
          text: `${name}: VXLAN id ${vxlan?.id ?? 0} on UDP ${vxlan?.port ?? 0}`,
          at: name,
        })),
    );
    const devices = [...new Set(seen.map(({ fact }) => fact.replace(/^hosts\..*?\.links\./, '')))];
    return findingIf(seen, () => ({
      title: `The unused device ${devices.join(' and ')} on ${where(seen)} holds UDP ${port ?? ''}, which the cluster network needs`,
      cause: 'An earlier network was removed without its device.',
      fix: manual(devices.map((device) => `ip link del ${device}`).join('; ')),
    }));
  },
});

import { type Look, observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';
import { underlayOf } from '../underlay.js';

const OVERHEAD: Readonly<Record<string, number>> = {
  'flannel.1': 50,
  'vxlan.calico': 50,
  'labnet.1': 50,
  cilium_vxlan: 0,
  tunl0: 20,
  'flannel-wg': 80,
  'wireguard.cali': 60,
};

export const overlayMtuHigh = defineRule({
  code: 'overlay-mtu-high',
  title: "A tunnel's MTU is too large for the network below",
  severity: 'error',
  reads: ['links', 'probe:path-mtu'],
  explain: `The tunnel device lets packets in that do not fit into the node network once the tunnel's header is added: short answers pass, TLS hangs. Set the MTU of the cluster network to the value in the verdict table,
then recreate the pods, because running ones keep theirs. (Cilium's device shows the outer MTU and sets routes instead, so it is compared without overhead.)`,
  source: 'https://docs.tigera.io/calico/latest/networking/configuring/mtu',
  check: (context) => {
    const underlay = underlayOf(context);
    if (underlay === undefined) return [];
    const seen = observe(context, 'links', (links): Look[] =>
      links
        .filter(
          ({ name, mtu, up }) =>
            up && OVERHEAD[name] !== undefined && mtu > underlay.mtu - (OVERHEAD[name] ?? 0),
        )
        .map(({ name, mtu }) => ({
          text: `${name} has MTU ${mtu}, at most ${underlay.mtu - (OVERHEAD[name] ?? 0)} fits into ${underlay.mtu}`,
          at: name,
        })),
    );
    return findingIf(seen, () => ({
      title: `The tunnel on ${where(seen)} takes larger packets than the node network carries (${underlay.mtu})`,
      cause:
        'The cluster network was set up with the MTU of another interface, or the path carries less than the interface.',
      fix: manual('set the MTU of the cluster network to the value in the verdicts, then recreate the pods'),
    }));
  },
});

import { apiPortBlocked } from './api-port-blocked.js';
import { apiPortTaken } from './api-port-taken.js';
import { certificateExpired } from './certificate-expired.js';
import { diskNearlyFull } from './disk-nearly-full.js';
import { diskReadOnly } from './disk-read-only.js';
import { duplicateHostname } from './duplicate-hostname.js';
import { duplicateMachineId } from './duplicate-machine-id.js';
import type { Fault } from './fault.js';
import { hostDown } from './host-down.js';
import { hostKeyChanged } from './host-key-changed.js';
import { hostsFileStale } from './hosts-file-stale.js';
import { inodesFull } from './inodes-full.js';
import { ipsetRevision } from './ipset-revision.js';
import { iptablesBothBackends } from './iptables-both-backends.js';
import { k3sConfigDiffers } from './k3s-config-differs.js';
import { k3sDuplicateKeys } from './k3s-duplicate-keys.js';
import { kubeletPortEaten } from './kubelet-port-eaten.js';
import { mtuBlackHole } from './mtu-black-hole.js';
import { mtuDiffers } from './mtu-differs.js';
import { nftDefaultDrop } from './nft-default-drop.js';
import { noDefaultRoute } from './no-default-route.js';
import { oldCalicoConflist } from './old-calico-conflist.js';
import { packageLockHeld } from './package-lock-held.js';
import { packagesBroken } from './packages-broken.js';
import { pathCut } from './path-cut.js';
import { proxySet } from './proxy-set.js';
import { rebootPending } from './reboot-pending.js';
import { resolverDeadImmutable } from './resolver-dead-immutable.js';
import { resolverOneDead } from './resolver-one-dead.js';
import { resolverTooMany } from './resolver-too-many.js';
import { rpFilterStrict } from './rp-filter-strict.js';
import { secondVxlanBlocked } from './second-vxlan-blocked.js';
import { sshLoginRefused } from './ssh-login-refused.js';
import { sshdDown } from './sshd-down.js';
import { sshdSlow } from './sshd-slow.js';
import { staleCilium } from './stale-cilium.js';
import { staleFlannel } from './stale-flannel.js';
import { sudoRefused } from './sudo-refused.js';
import { swapAtBoot } from './swap-at-boot.js';
import { ufwDefaultDeny } from './ufw-default-deny.js';
import { vxlanBlocked } from './vxlan-blocked.js';
import { vxlanBlockedOutbound } from './vxlan-blocked-outbound.js';
import { vxlanEaten } from './vxlan-eaten.js';
import { vxlanFramesDropped } from './vxlan-frames-dropped.js';
import { vxlanOneDirection } from './vxlan-one-direction.js';
import { wrongInterfaceFirst } from './wrong-interface-first.js';

/** Every fault, in the order of `lab break` without arguments. A new fault is one file and one line here. */
export const faults: readonly Fault[] = [
  vxlanBlocked,
  vxlanBlockedOutbound,
  secondVxlanBlocked,
  vxlanEaten,
  vxlanOneDirection,
  vxlanFramesDropped,
  mtuBlackHole,
  pathCut,
  kubeletPortEaten,
  apiPortBlocked,
  ufwDefaultDeny,
  nftDefaultDrop,
  iptablesBothBackends,
  mtuDiffers,
  rpFilterStrict,
  wrongInterfaceFirst,
  noDefaultRoute,
  duplicateMachineId,
  duplicateHostname,
  hostsFileStale,
  resolverDeadImmutable,
  resolverOneDead,
  resolverTooMany,
  staleFlannel,
  staleCilium,
  oldCalicoConflist,
  k3sConfigDiffers,
  k3sDuplicateKeys,
  certificateExpired,
  apiPortTaken,
  diskNearlyFull,
  inodesFull,
  diskReadOnly,
  swapAtBoot,
  rebootPending,
  packageLockHeld,
  packagesBroken,
  proxySet,
  sudoRefused,
  hostKeyChanged,
  sshLoginRefused,
  sshdSlow,
  sshdDown,
  ipsetRevision,
  hostDown,
];

export const findFault = (id: string): Fault | undefined => faults.find((fault) => fault.id === id);

import { PACKAGES_HOST } from '../rootfs/files.js';
import { OLD_IPSET_FOLDER } from '../rootfs/old-ipset.js';
import { defineFault } from './fault.js';

const CHAINS = 'KUBE-ROUTER-INPUT KUBE-ROUTER-FORWARD KUBE-ROUTER-OUTPUT KUBE-NWPLCY-DEFAULT';

export const ipsetRevision = defineFault({
  id: 'ipset-revision',
  place: 'host',
  title: 'ipset sets that the installed ipset cannot read, and chains of kube-router',
  simulates:
    'K3s’ network policy controller rewrote the sets at a newer revision: Calico’s older ipset fails with "revision not supported by userspace".',
  codes: ['ipset-unreadable', 'ipset-skew'],
  besides: ['calico-leftovers'],
  targets: 'agent',
  inject: () => `
library=$(ldconfig -p | awk '/libipset.so.13 /{print $NF}')
ipset create -exist cali40this-host hash:ip family inet maxelem 1048576
ipset create -exist KUBE-DST-2FAIIK2E4RIPMTGF hash:ip timeout 0
for chain in ${CHAINS}; do
  iptables -N "$chain" 2>/dev/null || true
done
iptables -C FORWARD -j KUBE-ROUTER-FORWARD 2>/dev/null || iptables -I FORWARD -j KUBE-ROUTER-FORWARD
save /usr/sbin/ipset "$library"
for package in libipset13 ipset; do
  curl -fsS -o "/tmp/$package.deb" "http://${PACKAGES_HOST}/${OLD_IPSET_FOLDER}/$package.deb"
  dpkg-deb -x "/tmp/$package.deb" /tmp/ipset-old
done
rm -f "$library" /usr/sbin/ipset
cp -L "$(find /tmp/ipset-old -name libipset.so.13)" "$library"
cp "$(find /tmp/ipset-old -path '*/sbin/ipset')" /usr/sbin/ipset
rm -rf /tmp/ipset-old /tmp/ipset.deb /tmp/libipset13.deb
`,
  heal: () => `
restore /usr/sbin/ipset "$(ldconfig -p | awk '/libipset.so.13 /{print $NF}')"
iptables -D FORWARD -j KUBE-ROUTER-FORWARD 2>/dev/null || true
for chain in ${CHAINS}; do
  iptables -X "$chain" 2>/dev/null || true
done
nft delete table ip filter 2>/dev/null || true
ipset destroy cali40this-host 2>/dev/null || true
ipset destroy KUBE-DST-2FAIIK2E4RIPMTGF 2>/dev/null || true
`,
  check: () => "ipset list 2>&1 | grep -q 'not supported by userspace'",
});

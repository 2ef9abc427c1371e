import { defineFault } from './fault.js';

export const ipsetRevision = defineFault({
  id: 'ipset-revision',
  place: 'host',
  title: 'ipset sets that the installed ipset cannot read, and chains of kube-router',
  simulates:
    'K3s’ network policy controller rewrote the sets at a newer revision: Calico’s older ipset fails with "revision not supported by userspace".',
  codes: ['ipset-unreadable', 'ipset-skew'],
  targets: 'agent',
  inject: () => `
fetch() { curl -fsS -o "/tmp/$1.deb" "http://packages.drover.internal/ipset-old/$1.deb"; }
ipset create -exist cali40this-host hash:ip family inet maxelem 1048576
ipset create -exist KUBE-DST-2FAIIK2E4RIPMTGF hash:ip timeout 0
for chain in KUBE-ROUTER-INPUT KUBE-ROUTER-FORWARD KUBE-ROUTER-OUTPUT KUBE-NWPLCY-DEFAULT; do
  iptables -N "$chain" 2>/dev/null || true
done
iptables -C FORWARD -j KUBE-ROUTER-FORWARD 2>/dev/null || iptables -I FORWARD -j KUBE-ROUTER-FORWARD
fetch libipset13
fetch ipset
dpkg --force-downgrade --install /tmp/libipset13.deb /tmp/ipset.deb >/dev/null 2>&1
`,
  heal: () => `
apt-get -qq update
apt-get -qq install -y --only-upgrade ipset libipset13 >/dev/null 2>&1
ipset destroy cali40this-host 2>/dev/null || true
ipset destroy KUBE-DST-2FAIIK2E4RIPMTGF 2>/dev/null || true
iptables -D FORWARD -j KUBE-ROUTER-FORWARD 2>/dev/null || true
for chain in KUBE-ROUTER-INPUT KUBE-ROUTER-FORWARD KUBE-ROUTER-OUTPUT KUBE-NWPLCY-DEFAULT; do
  iptables -X "$chain" 2>/dev/null || true
done
nft delete table ip filter 2>/dev/null || true
`,
  check: () => `
ipset list 2>&1 | grep -q 'not supported by userspace'
`,
});

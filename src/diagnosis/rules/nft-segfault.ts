import { manual } from '../compose.js';
import { kernelMessageRule } from '../shapes/kernel-message.js';

export const nftSegfault = kernelMessageRule({
  code: 'nft-segfault',
  title: 'nft crashes',
  severity: 'error',
  pattern: /\bnft\[\d+\].*segfault|nft.*segfault|nft.*general protection/i,
  says: 'logs crashes of nft',
  cause:
    "The nft inside a container image is older than the host's and cannot read the rules that the host's nft wrote.",
  fix: manual(
    "set nftablesMode: Disabled in Calico's FelixConfiguration, or use Calico v3.31.6 / v3.32.0 or newer; limit core dumps: ulimit -c 0",
  ),
  explain: `Calico's nftables data plane runs the \`nft\` of its image over rules that newer host programs wrote (Debian 13, Ubuntu 26.04, RHEL 10). It crashes, Felix restarts it
for ever, and core dumps fill the disk. Pin \`nftablesMode: Disabled\`: from v3.32 the default follows kube-proxy.`,
  source: 'https://github.com/projectcalico/calico/issues/11750',
});

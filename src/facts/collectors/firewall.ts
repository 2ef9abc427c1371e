import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { assignments, blockList, blocksOf, linesOf } from './blocks.js';
import { parseIptablesSave } from './iptables-save.js';
import { parseNftJson } from './nft-json.js';

type Firewall = CollectorValue<'firewall'>;

/** `### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in` of ufw's user.rules. */
const ufwRules = (text: string): string[] =>
  linesOf(text).flatMap((line) => /^### tuple ### (.+)$/.exec(line)?.[1] ?? []);

const ufwOf = (block: (name: string) => string, chains: Firewall['chains']): Firewall['ufw'] => {
  const defaultInput = assignments(block('ufw-default')).get('DEFAULT_INPUT_POLICY')?.toLowerCase();
  const enabled = assignments(block('ufw-conf')).get('ENABLED');
  return {
    installed: block('ufw-program') !== '',
    // What counts is what the kernel holds: `ENABLED=yes` without its chains filters nothing.
    active: chains.some(({ chain, rules }) => chain === 'ufw-before-input' && rules > 0),
    ...(enabled === undefined ? {} : { enabled: enabled.toLowerCase() === 'yes' }),
    ...(defaultInput === undefined ? {} : { defaultInput }),
    rules: ufwRules(block('ufw-rules')),
  };
};

const backendOf = (version: string): Firewall['iptables']['backend'] => {
  if (version === '') return 'none';
  return version.includes('nf_tables') ? 'nft' : 'legacy';
};

export const firewall = defineCollector({
  id: 'firewall',
  title: 'Packet filters',
  volatile: false,
  needsRoot: true,
  script: `
if [ -d "$K3S_BIN/aux" ]; then PATH=$PATH:$K3S_BIN/aux; fi
block ufw-program; PATH=$HOST_PATH command -v ufw
block ufw-default; say /etc/default/ufw
block ufw-conf; say /etc/ufw/ufw.conf
block ufw-rules; grep -h '^### tuple ###' /etc/ufw/user.rules /etc/ufw/user6.rules /lib/ufw/user.rules 2>/dev/null
block firewalld-program; PATH=$HOST_PATH command -v firewalld
block firewalld-active
active=
if has firewalld || has firewall-cmd; then active=$(has systemctl && limit 2 systemctl is-active firewalld 2>/dev/null); fi
if [ "$active" = active ]; then
  echo active
  block zones; limit 3 firewall-cmd --get-active-zones 2>/dev/null
fi
block iptables; PATH=$HOST_PATH; iptables --version 2>/dev/null
if [ -d "$K3S_BIN/aux" ]; then PATH=$PATH:$K3S_BIN/aux; fi
block nft; nft --version 2>/dev/null
tables=
if has nft; then tables=$(limit 3 nft list tables 2>/dev/null); fi
covered='^$'
if has iptables-nft-save && { ! has nft || [ -n "$tables" ]; }; then
  covered='^table (ip|ip6) (filter|nat|mangle|raw|security)$'
  block nft-ip; limit 5 iptables-nft-save 2>/dev/null
  block nft-ip6; limit 5 ip6tables-nft-save 2>/dev/null
fi
if lines_in /proc/net/ip_tables_names; then block legacy-ip; limit 5 iptables-legacy-save 2>/dev/null; fi
if lines_in /proc/net/ip6_tables_names; then block legacy-ip6; limit 5 ip6tables-legacy-save 2>/dev/null; fi
if [ -n "$tables" ]; then
  printf '%s\\n' "$tables" | grep -vE "$covered" | while read -r word family table; do
    block nft-json; limit 3 nft -j -t list table "$family" "$table" 2>/dev/null
  done
fi
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const documents = blockList(stdout).filter(({ name }) => name === 'nft-json');
    const rulesets = [
      parseIptablesSave(block('nft-ip'), 'nft', 'ip'),
      parseIptablesSave(block('nft-ip6'), 'nft', 'ip6'),
      parseIptablesSave(block('legacy-ip'), 'legacy', 'ip'),
      parseIptablesSave(block('legacy-ip6'), 'legacy', 'ip6'),
      parseNftJson(documents.map(({ text }) => text)),
    ];
    const chains = rulesets.flatMap((ruleset) => ruleset.chains);
    const version = block('iptables');
    const nftVersion = /v(\d[\d.]*)/.exec(block('nft'))?.[1];
    return {
      value: {
        ufw: ufwOf(block, chains),
        firewalld: {
          installed: block('firewalld-program') !== '',
          active: block('firewalld-active') === 'active',
          zones: block('zones')
            .split('\n')
            .filter((line) => /^\S/.test(line)),
        },
        iptables: { version: /v(\d[\d.]*)/.exec(version)?.[1] ?? '', backend: backendOf(version) },
        ...(nftVersion === undefined ? {} : { nftVersion }),
        chains,
        drops: rulesets.flatMap((ruleset) => ruleset.drops),
      },
    };
  },
});

import { defineCollector } from '../collector.js';
import { linesOf } from './blocks.js';

const NAMES = /^(https?|ftp|all|no|socks)_?proxy$/i;
/** What precedes the name in units, apt and shell files. */
const PREFIX = /^(Environment=|DefaultEnvironment=|export\s+|Acquire::)/;

interface Proxy {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

const unquote = (text: string): string => text.trim().replace(/^["']|["'];?$|;$/g, '');

/** One `FILE:line` of grep; a unit's Environment= line may hold several assignments. */
const ofLine = (line: string): Proxy[] => {
  const split = /^([^:]+):(.*)$/.exec(line);
  const source = split?.[1] ?? '';
  const text = (split?.[2] ?? '').trim();
  if (text === '' || /^[#;]|^\/\//.test(text)) return [];
  const apt = /^Acquire::(https?|ftp)::Proxy(?:::\S+)?\s+(.+)$/i.exec(text);
  if (apt !== null)
    return [{ name: `${(apt[1] ?? '').toLowerCase()}_proxy`, value: unquote(apt[2] ?? ''), source }];
  const dnf = /^(proxy|proxy_username)\s*=\s*(.+)$/.exec(text);
  if (dnf !== null) return [{ name: dnf[1] ?? '', value: unquote(dnf[2] ?? ''), source }];
  return [...text.replace(PREFIX, '').matchAll(/["']?([A-Za-z_]+)=("[^"]*"|'[^']*'|[^\s"']+)/g)].flatMap(
    ([, name = '', value = '']) => (NAMES.test(name) ? [{ name, value: unquote(value), source }] : []),
  );
};

export const proxies = defineCollector({
  id: 'proxies',
  title: 'Proxies',
  volatile: false,
  needsRoot: false,
  script: `
set --
for file in /etc/environment /etc/profile /etc/profile.d/*.sh /etc/default/k3s /etc/sysconfig/k3s \\
  /etc/systemd/system.conf /etc/systemd/system.conf.d/*.conf /etc/systemd/system/*.service.env \\
  /etc/systemd/system/*.service.d/*.conf /etc/apt/apt.conf /etc/apt/apt.conf.d/* /etc/yum.conf /etc/dnf/dnf.conf; do
  if [ -f "$file" ]; then set -- "$@" "$file"; fi
done
found=$(env | sed -n 's/^[A-Za-z]*_[Pp][Rr][Oo][Xx][Yy]=/environment:&/p'
if [ $# -gt 0 ]; then grep -isH 'proxy' "$@"; fi)
if [ -n "$found" ]; then printf '%s\\n' "$found" | hmac_secrets; fi
true`,
  parse: ({ stdout }) => ({ value: linesOf(stdout).flatMap(ofLine) }),
});

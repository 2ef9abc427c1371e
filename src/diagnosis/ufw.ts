import { cidrHasAddress, contains, parseCidr } from '../core/cidr.js';

/** A port that must be open, and who asks. */
export interface Wanted {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Addresses that must get through. */
  readonly from: readonly string[];
}

interface UfwRule {
  readonly to: string;
  readonly action: string;
  readonly from: string;
}

/** Reads a rule as /etc/ufw/user.rules has it: `allow tcp 6443 0.0.0.0/0 any 10.0.0.0/24 in comment=…`. */
const readTuple = (line: string): UfwRule | undefined => {
  const found = /^(allow|limit|deny|reject)\S* (tcp|udp|any) (\S+) \S+ \S+ (\S+) in\b/.exec(line.trim());
  if (found === null) return undefined;
  const [, action = '', protocol, ports, from = ''] = found;
  const anywhere = from === '0.0.0.0/0' || from === '::/0';
  return {
    to: ports === 'any' ? 'Anywhere' : `${ports ?? ''}${protocol === 'any' ? '' : `/${protocol ?? ''}`}`,
    action: action.toUpperCase(),
    from: anywhere ? 'Anywhere' : from,
  };
};

/** Reads a line of `ufw status`: `6443/tcp ALLOW IN 10.0.0.0/24`, `Anywhere ALLOW 10.0.0.0/24`. */
const readRule = (line: string): UfwRule | undefined => {
  const match =
    /^(?:\[\s*\d+\]\s*)?(.+?)\s+(ALLOW|LIMIT|DENY|REJECT)(?:\s+(?:IN|FWD|OUT))?\s+(.+?)\s*(?:#.*)?$/.exec(
      line.trim(),
    );
  if (match === null || /\bOUT\b/.test(line)) return undefined;
  return { to: match[1] ?? '', action: match[2] ?? '', from: match[3] ?? '' };
};

const portFits = (to: string, { protocol, port }: Wanted): boolean => {
  const target = to
    .replace(/\(v6\)/, '')
    .replace(/\bon \S+/, '')
    .trim();
  if (/^Anywhere$/i.test(target)) return true;
  const match = /(?:^|\s)([\d:,]+)(?:\/(tcp|udp))?$/.exec(target);
  if (match === null || (match[2] !== undefined && match[2] !== protocol)) return false;
  return (match[1] ?? '').split(',').some((part) => {
    const [low, high] = part.split(':').map(Number);
    return low !== undefined && port >= low && port <= (high ?? low);
  });
};

const sourceFits = (from: string, address: string): boolean => {
  const source = from.replace(/\(v6\)/, '').trim();
  if (/^Anywhere/i.test(source) || source === address) return true;
  return address.includes('/') ? rangeFits(source, address) : cidrHasAddress(source, address);
};

const rangeFits = (outer: string, inner: string): boolean => {
  const [a, b] = [parseCidr(outer), parseCidr(inner)];
  return a !== undefined && b !== undefined && contains(a, b);
};

/** Do the rules of ufw let a port through for every asker? The first rule that fits decides, as in ufw. */
export const ufwAllows = (rules: readonly string[], wanted: Wanted): boolean => {
  const parsed = rules.flatMap((line) => readTuple(line) ?? readRule(line) ?? []);
  return wanted.from.every((address) => {
    const first = parsed.find(({ to, from }) => portFits(to, wanted) && sourceFits(from, address));
    return first?.action === 'ALLOW' || first?.action === 'LIMIT';
  });
};

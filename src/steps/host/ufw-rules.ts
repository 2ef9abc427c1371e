import { formatAddress, formatCidr, parseAddress, parseCidr } from '../../core/cidr.js';

/** One thing that the firewall lets pass. */
export type FirewallRule = {
  /** `in` = to the host itself, `route` = through it. */
  readonly direction: 'in' | 'route';
  readonly protocol: 'tcp' | 'udp' | 'any';
  /** Ports and ranges such as `2379:2380`, ascending; empty = all. */
  readonly ports: readonly string[];
  /** Address, range, or `any`. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
};

/** A rule as ufw keeps it: the line that it reads again, and the line for the kernel. */
export interface UfwRule {
  readonly family: 4 | 6;
  readonly tuple: string;
  readonly kernel: string;
}

const COMMENT = 'drover: ';
const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

/** What the lines of Drover's own rules hold, whatever they allow. */
export const OWN_MARK = ` comment=${hex(COMMENT)}`;

export const isOwnTuple = (tuple: string): boolean => tuple.includes(OWN_MARK);

/** `allow tcp 22 DESTINATION any SOURCE in …`. */
export const familyOfTuple = (tuple: string): 4 | 6 => (tuple.split(' ')[3]?.includes(':') === true ? 6 : 4);

/** As ufw writes it: single addresses without a prefix. */
const plain = (text: string): { readonly family: 4 | 6; readonly text: string } | undefined => {
  const address = parseAddress(text.replace(/\/(32|128)$/, ''));
  if (address !== undefined && (text.endsWith('/32') || text.endsWith('/128') || !text.includes('/')))
    return { family: address.family, text: formatAddress(address) };
  const range = parseCidr(text);
  return range === undefined ? undefined : { family: range.family, text: formatCidr(range) };
};

const ANY = { 4: '0.0.0.0/0', 6: '::/0' } as const;

const familiesOf = ({ from, to }: FirewallRule): readonly (4 | 6)[] => {
  const named = [from, to].filter((end) => end !== 'any').map((end) => plain(end)?.family);
  return ([4, 6] as const).filter((family) => named.every((each) => each === family));
};

const end = (text: string, family: 4 | 6): string =>
  text === 'any' ? ANY[family] : (plain(text)?.text ?? text);

const portMatch = (ports: readonly string[]): string => {
  const list = ports.join(',');
  if (ports.length === 0) return '';
  return /[,:]/.test(list) ? ` -m multiport --dports ${list}` : ` --dport ${list}`;
};

const ofFamily = (rule: FirewallRule, family: 4 | 6): UfwRule => {
  const { direction, protocol, ports, from, to, reason } = rule;
  const action = direction === 'route' ? 'route:allow' : 'allow';
  const list = ports.length === 0 ? 'any' : ports.join(',');
  const chain = `ufw${family === 6 ? '6' : ''}-user-${direction === 'route' ? 'forward' : 'input'}`;
  const match = [
    protocol === 'any' ? '' : ` -p ${protocol}`,
    portMatch(ports),
    to === 'any' ? '' : ` -d ${end(to, family)}`,
    from === 'any' ? '' : ` -s ${end(from, family)}`,
  ];
  return {
    family,
    tuple: `${action} ${protocol} ${list} ${end(to, family)} any ${end(from, family)} in comment=${hex(`${COMMENT}${reason}`)}`,
    kernel: `-A ${chain}${match.join('')} -j ACCEPT`,
  };
};

/** Rules for both families as ufw itself would write them, in the order given. */
export const ufwRules = (rules: readonly FirewallRule[]): readonly UfwRule[] =>
  rules.flatMap((rule) => familiesOf(rule).map((family) => ofFamily(rule, family)));

/** The part of user.rules or user6.rules that holds the rules. */
export const rulesText = (rules: readonly UfwRule[], family: 4 | 6): string =>
  rules
    .filter((rule) => rule.family === family)
    .map(({ tuple, kernel }) => `### tuple ### ${tuple}\n${kernel}\n\n`)
    .join('');

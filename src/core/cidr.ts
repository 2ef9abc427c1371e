import ipaddr from 'ipaddr.js';

/** An IP address as a number, so that it can be compared and counted. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A range of addresses. `network` has no host bits set. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly network: bigint;
  readonly prefix: number;
}

const bitsOf = (family: 4 | 6): number => (family === 4 ? 32 : 128);

const numberOf = (bytes: readonly number[]): bigint =>
  bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);

const isStrictAddress = (text: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes('%'));

/** Reads dotted IPv4 (no octal, no short forms) or IPv6 without a zone; undefined when the text is neither. */
export const parseAddress = (text: string): Address | undefined => {
  if (!isStrictAddress(text)) return undefined;
  const parsed = ipaddr.parse(text);
  return { family: parsed.kind() === 'ipv4' ? 4 : 6, value: numberOf(parsed.toByteArray()) };
};

/** The usual short form: `10.0.0.1`, `fd00::1` (RFC 5952). */
export const formatAddress = ({ family, value }: Address): string => {
  const hex = value.toString(16).padStart(bitsOf(family) / 4, '0');
  const bytes = Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16),
  );
  return family === 4 ? new ipaddr.IPv4(bytes).toString() : new ipaddr.IPv6(bytes).toRFC5952String();
};

const hostBits = ({ family, prefix }: Pick<Cidr, 'family' | 'prefix'>): bigint =>
  BigInt(bitsOf(family) - prefix);

/** The range of `prefix` bits that holds the address. */
export const cidrOf = (address: Address, prefix: number): Cidr => {
  const bits = hostBits({ family: address.family, prefix });
  return { family: address.family, prefix, network: (address.value >> bits) << bits };
};

/** Reads `10.0.0.0/24` or `fd00::/64`; host bits are cut off. Undefined when the text is no range. */
export const parseCidr = (text: string): Cidr | undefined => {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = parseAddress(match?.[1] ?? '');
  const prefix = Number(match?.[2]);
  if (address === undefined || prefix > bitsOf(address.family)) return undefined;
  return cidrOf(address, prefix);
};

export const formatCidr = (cidr: Cidr): string =>
  `${formatAddress({ family: cidr.family, value: cidr.network })}/${cidr.prefix}`;

/** Number of addresses in the range, network and broadcast included. */
export const cidrSize = (cidr: Cidr): bigint => 1n << hostBits(cidr);

/** Addresses that hosts can have: IPv4 loses network and broadcast below /31. */
export const usableHosts = (cidr: Cidr): bigint =>
  cidr.family === 4 && cidr.prefix < 31 ? cidrSize(cidr) - 2n : cidrSize(cidr);

/** The address at an offset from the start (0 = the network address); undefined beyond the end. */
export const nthAddress = (cidr: Cidr, n: number): Address | undefined =>
  n < 0 || BigInt(n) >= cidrSize(cidr) ? undefined : { family: cidr.family, value: cidr.network + BigInt(n) };

/** Is every address of `inner` in `outer`? An address counts as a range of one. */
export const contains = (outer: Cidr, inner: Address | Cidr): boolean => {
  if (outer.family !== inner.family) return false;
  const range = 'network' in inner ? inner : cidrOf(inner, bitsOf(inner.family));
  return (
    range.prefix >= outer.prefix && range.network >> hostBits(outer) === outer.network >> hostBits(outer)
  );
};

/** Do two ranges share an address? */
export const overlaps = (a: Cidr, b: Cidr): boolean => contains(a, b) || contains(b, a);

/** `contains` for text as people write it; false when either side does not parse. */
export const cidrHasAddress = (range: string, address: string): boolean => {
  const outer = parseCidr(range);
  const inner = parseAddress(address);
  return outer !== undefined && inner !== undefined && contains(outer, inner);
};

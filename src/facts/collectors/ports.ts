import { defineCollector } from '../collector.js';
import type { CollectorValue } from '../model/host-facts.js';
import { blocksOf, linesOf } from './blocks.js';

type Port = CollectorValue<'ports'>[number];

/** `ss -H -tulnp`: protocol, state, queues, local, peer, users:(("sshd",pid=1,fd=3)). */
const ofSs = (line: string): Port[] => {
  const [protocol, , , , local = '', , users = ''] = line.split(/\s+/);
  const found = /^\[?([^\]]*?)\]?(?:%[^:]+)?:(\d+)$/.exec(local);
  if (found === null || (protocol !== 'tcp' && protocol !== 'udp')) return [];
  const owner = /\(\("([^"]+)",pid=(\d+)/.exec(users);
  const address = (found[1] ?? '').replace(/%.*$/, '');
  return [
    {
      protocol,
      address: address === '*' ? '::' : address,
      port: Number(found[2]),
      ...(owner === null ? {} : { process: owner[1] ?? '', pid: Number(owner[2]) }),
    },
  ];
};

/** The kernel prints addresses as host-order words in hexadecimal. */
const addressOf = (hex: string): string => {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).toReversed());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const groups = Array.from(
    { length: 8 },
    (_, index) => `${bytes[index * 2] ?? ''}${bytes[index * 2 + 1] ?? ''}`,
  );
  return groups.every((group) => group === '0000') ? '::' : groups.join(':').toLowerCase();
};

const LISTEN = '0A';
const UNCONNECTED = '07';

/** Lines of /proc/net/{tcp,udp}{,6}: without owners, for hosts without ss. */
const ofProc = (text: string, protocol: Port['protocol']): Port[] =>
  linesOf(text).flatMap((line) => {
    const [, local = '', , state] = line.split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== (protocol === 'tcp' ? LISTEN : UNCONNECTED)) return [];
    return [{ protocol, address: addressOf(address), port: Number.parseInt(port, 16) }];
  });

export const ports = defineCollector({
  id: 'ports',
  title: 'Listening ports and their owners',
  volatile: false,
  needsRoot: true,
  script: `
if has ss; then block ss; ss -H -tulnp
else
  block tcp; cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
  block udp; cat /proc/net/udp /proc/net/udp6 2>/dev/null
fi
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const found = [
      ...linesOf(block('ss')).flatMap(ofSs),
      ...ofProc(block('tcp'), 'tcp'),
      ...ofProc(block('udp'), 'udp'),
    ];
    return { value: found };
  },
});

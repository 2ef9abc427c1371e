import type { Link } from '../model/network.js';

const HEAD = /^\d+: ([^:@\s]+)(?:@\S+)?: <([^>]*)> mtu (\d+)(?:.* master (\S+))?/;
const ADDRESS = /^\s+(inet6?) (\S+?)(?:\/(\d+))?(?: peer \S+)?(?: brd \S+)? scope (\S+)/;

/** `ip address show` of an ip without JSON (busybox, iproute2 before 4.13). Kinds of interfaces stay unknown. */
export const parseLinksText = (text: string): readonly Link[] => {
  const links: Link[] = [];
  for (const part of text.split(/^(?=\d+: )/m)) {
    const head = HEAD.exec(part);
    if (head === null) continue;
    const mac = /^\s+link\/ether (\S+)/m.exec(part)?.[1];
    const addresses = part.split('\n').flatMap((line): Link['addresses'] => {
      const found = ADDRESS.exec(line);
      if (found === null) return [];
      const family = found[1] === 'inet6' ? 'inet6' : 'inet';
      const prefix = Number(found[3] ?? (family === 'inet' ? 32 : 128));
      return [{ address: found[2] ?? '', prefix, family, scope: found[4] ?? 'global' }];
    });
    links.push({
      name: head[1] ?? '',
      ...(mac === undefined ? {} : { mac }),
      mtu: Number(head[3]),
      up: (head[2] ?? '').split(',').includes('UP'),
      ...(head[4] === undefined ? {} : { master: head[4] }),
      addresses,
    });
  }
  return links;
};

import { z } from 'zod';
import { defineCollector } from '../collector.js';
import type { Link } from '../model/network.js';
import { blocksOf } from './blocks.js';
import { parseJson } from './json.js';
import { parseLinksText } from './links-text.js';

/** `ip -json -details address`: the part that is read. */
const shape = z.array(
  z.looseObject({
    ifname: z.string(),
    flags: z.array(z.string()),
    mtu: z.number(),
    link_type: z.string().optional(),
    address: z.string().optional(),
    master: z.string().optional(),
    linkinfo: z
      .looseObject({
        info_kind: z.string().optional(),
        info_data: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
    addr_info: z
      .array(
        z.looseObject({
          family: z.string().optional(),
          local: z.string().optional(),
          prefixlen: z.number().optional(),
          scope: z.string().optional(),
        }),
      )
      .default([]),
  }),
);
type RawLink = z.infer<typeof shape>[number];

const vxlanOf = (data: Readonly<Record<string, unknown>> | undefined): Link['vxlan'] => {
  if (data === undefined) return undefined;
  const local = data['local'] ?? data['local6'];
  return {
    id: typeof data['id'] === 'number' ? data['id'] : 0,
    port: typeof data['port'] === 'number' ? data['port'] : 0,
    ...(typeof local === 'string' ? { local } : {}),
    external: data['external'] === true,
  };
};

const linkOf = (raw: RawLink): Link => {
  const kind = raw.linkinfo?.info_kind;
  return {
    name: raw.ifname,
    // Tunnels show an address in place of a hardware address.
    ...(raw.link_type === 'ether' && raw.address !== undefined ? { mac: raw.address } : {}),
    mtu: raw.mtu,
    up: raw.flags.includes('UP'),
    ...(kind === undefined ? {} : { kind }),
    ...(raw.master === undefined ? {} : { master: raw.master }),
    addresses: raw.addr_info.flatMap(({ family, local, prefixlen, scope }) =>
      (family === 'inet' || family === 'inet6') && local !== undefined
        ? [{ address: local, prefix: prefixlen ?? 0, family, scope: scope ?? 'global' }]
        : [],
    ),
    ...(kind === 'vxlan' ? { vxlan: vxlanOf(raw.linkinfo?.info_data) } : {}),
  };
};

export const links = defineCollector({
  id: 'links',
  title: 'Network interfaces and addresses',
  volatile: false,
  needsRoot: false,
  script: `
json=$(ip -j -d address show 2>/dev/null)
case $json in
  '['*) block json; printf '%s\\n' "$json" ;;
  *) block text; ip address show ;;
esac
true`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const raw = parseJson(block('json'), shape);
    const found = raw?.map(linkOf) ?? parseLinksText(block('text'));
    if (found.length === 0) return { error: 'ip showed no interface' };
    return { value: found.filter(({ name }) => name !== 'lo') };
  },
});

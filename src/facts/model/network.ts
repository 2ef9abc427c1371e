import { z } from 'zod';

/** `ip -details address`, without loopback. */
export const linksSchema = z.array(
  z.strictObject({
    name: z.string(),
    mac: z.string().optional(),
    mtu: z.number().int(),
    up: z.boolean(),
    /** ether devices have none; else vxlan, bridge, veth, ipip, wireguard, geneve, dummy … */
    kind: z.string().optional(),
    master: z.string().optional(),
    addresses: z.array(
      z.strictObject({
        address: z.string(),
        prefix: z.number().int(),
        family: z.enum(['inet', 'inet6']),
        scope: z.string(),
      }),
    ),
    vxlan: z
      .strictObject({
        id: z.number().int(),
        port: z.number().int(),
        local: z.string().optional(),
        external: z.boolean(),
      })
      .optional(),
  }),
);
export type Link = z.infer<typeof linksSchema>[number];

/** `ip route show table all` and `ip rule`, without the kernel's local and multicast tables. */
export const routesSchema = z.strictObject({
  routes: z.array(
    z.strictObject({
      /** CIDR or `default`. */
      destination: z.string(),
      gateway: z.string().optional(),
      device: z.string().optional(),
      source: z.string().optional(),
      protocol: z.string().optional(),
      table: z.string(),
      type: z.string(),
      metric: z.number().optional(),
      onlink: z.boolean(),
    }),
  ),
  rules: z.array(z.strictObject({ priority: z.number().int(), text: z.string() })),
});

export const neighboursSchema = z.array(
  z.strictObject({ address: z.string(), device: z.string(), mac: z.string().optional(), state: z.string() }),
);

/** Who listens where on the host. */
export const portsSchema = z.array(
  z.strictObject({
    protocol: z.enum(['tcp', 'udp']),
    address: z.string(),
    port: z.number().int(),
    /** Process name; absent for kernel sockets such as a VXLAN device's. */
    process: z.string().optional(),
    pid: z.number().int().optional(),
  }),
);

export const resolverSchema = z.strictObject({
  nameservers: z.array(z.string()),
  search: z.array(z.string()),
  options: z.array(z.string()),
  /** Who owns /etc/resolv.conf. */
  owner: z.enum([
    'static',
    'systemd-resolved-stub',
    'systemd-resolved',
    'resolvconf',
    'network-manager',
    'unknown',
  ]),
  symlink: z.string().optional(),
  immutable: z.boolean(),
  /** Servers behind systemd-resolved's stub, when it runs. */
  upstream: z.array(z.string()),
  /** Direct questions to each name server (a raw DNS query for a root or given name). */
  lookups: z.array(
    z.strictObject({
      server: z.string(),
      name: z.string(),
      ok: z.boolean(),
      ms: z.number().optional(),
      detail: z.string(),
    }),
  ),
  hostsEntries: z.array(
    z.strictObject({
      address: z.string(),
      names: z.array(z.string()),
      /** Stands in the block that Drover keeps in /etc/hosts. */
      managed: z.literal(true).optional(),
    }),
  ),
});

/** Proxies of the environment and of systemd/apt configuration; passwords never enter. */
export const proxiesSchema = z.array(
  z.strictObject({ name: z.string(), value: z.string(), source: z.string() }),
);

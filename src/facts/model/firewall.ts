import { z } from 'zod';

export const chainSchema = z.strictObject({
  /** `nft` = nf_tables (including iptables-nft), `legacy` = the old kernel interface. */
  backend: z.enum(['nft', 'legacy']),
  /** ip, ip6, inet, arp, bridge, netdev. */
  family: z.string(),
  table: z.string(),
  chain: z.string(),
  hook: z.string().optional(),
  policy: z.string().optional(),
  rules: z.number().int(),
});

export const firewallSchema = z.strictObject({
  ufw: z.strictObject({
    installed: z.boolean(),
    active: z.boolean(),
    /** Started at boot, as its own configuration says. */
    enabled: z.boolean().optional(),
    defaultInput: z.string().optional(),
    rules: z.array(z.string()),
  }),
  firewalld: z.strictObject({ installed: z.boolean(), active: z.boolean(), zones: z.array(z.string()) }),
  /** Version and backend that `iptables` on the path uses. */
  iptables: z.strictObject({ version: z.string(), backend: z.enum(['nft', 'legacy', 'none']) }),
  nftVersion: z.string().optional(),
  chains: z.array(chainSchema),
  /** Rules in base chains (or reached from them) that drop or reject, as text, with what they match when it can be told. */
  drops: z.array(
    z.strictObject({
      backend: z.enum(['nft', 'legacy']),
      table: z.string(),
      chain: z.string(),
      hook: z.string().optional(),
      protocol: z.string().optional(),
      port: z.number().int().optional(),
      text: z.string(),
    }),
  ),
});

export const ipsetsSchema = z.strictObject({
  /** Version of the ipset program; absent when not installed. */
  version: z.string().optional(),
  sets: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string(),
      revision: z.number().int(),
      references: z.number().int(),
      entries: z.number().int(),
    }),
  ),
  /** Sets exist that this program cannot read, as it printed it. */
  unreadable: z.string().optional(),
  /** Highest revision per type that the installed program supports; empty when unknown. */
  supported: z.record(z.string(), z.number().int()),
});

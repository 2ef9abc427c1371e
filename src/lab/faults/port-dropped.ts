interface DroppedPort {
  /** Name of the nftables table that the fault makes. */
  readonly table: string;
  readonly hook: 'input' | 'output';
  readonly udp: number;
}

/** Scripts of a host firewall that drops one UDP port. */
export const portDropped = ({
  table,
  hook,
  udp,
}: DroppedPort): { readonly [script in 'inject' | 'heal' | 'check']: () => string } => ({
  inject: () => `
nft -f - <<'RULES'
table inet ${table}
delete table inet ${table}
table inet ${table} {
  chain ${hook} {
    type filter hook ${hook} priority filter; policy accept;
    udp dport ${udp} drop
  }
}
RULES
`,
  heal: () => `nft delete table inet ${table} 2>/dev/null || true`,
  check: () => `nft list table inet ${table} >/dev/null`,
});

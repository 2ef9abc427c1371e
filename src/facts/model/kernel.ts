import { z } from 'zod';

export const featureStateSchema = z.enum(['builtin', 'loaded', 'loadable', 'absent']);
export type FeatureState = z.infer<typeof featureStateSchema>;

/** Kernel features by module name (vxlan, ipip, wireguard, geneve, ip_gre, ip_vs, br_netfilter, overlay, nf_tables, ip_set …). */
export const kernelSchema = z.strictObject({
  features: z.record(z.string(), featureStateSchema),
  /** /sys/kernel/btf/vmlinux exists (BPF programs can be loaded portably). */
  btf: z.boolean(),
  /** Kernel log lines that matter: bad UDP checksum, nft segfault, nf_conntrack table full, I/O errors, OOM. */
  messages: z.array(z.strictObject({ kind: z.string(), text: z.string() })),
});

export const cgroupsSchema = z.strictObject({
  version: z.enum(['v1', 'hybrid', 'v2']),
  /** Controllers available to the host. */
  controllers: z.array(z.string()),
});

/** Kernel settings of the next boot, in the order in which they are applied: later ones win. Keys may hold `*`. */
export const sysctlFilesSchema = z.array(
  z.strictObject({ file: z.string(), key: z.string(), value: z.string() }),
);

/** Values of the sysctls that matter to clusters, by name; absent = the kernel has no such key. */
export const sysctlsSchema = z.record(z.string(), z.string());

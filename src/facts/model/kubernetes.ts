import { z } from 'zod';

const valueSchema = z.union([z.string(), z.array(z.string())]);

/** One configuration key with the place that decided it. Secret values are replaced by `hmac:…`, equal for equal secrets of one doctor run. */
export const settingSchema = z.strictObject({ value: valueSchema, origin: z.string() });

/** A Kubernetes that is, or was, installed on the host. */
export const installSchema = z.strictObject({
  kind: z.enum(['k3s', 'rke2', 'kubeadm', 'k0s', 'microk8s']),
  role: z.enum(['server', 'agent', 'unknown']),
  version: z.string().optional(),
  unit: z.string().optional(),
  active: z.string(),
  enabled: z.string(),
  dataDir: z.string(),
  /** Embedded etcd, SQLite or an outside datastore; `none` on agents. */
  datastore: z.enum(['etcd', 'sqlite', 'external', 'none', 'unknown']),
  /** Effective configuration by K3s' own merge rules: files in order, later wins, `key+` appends, arguments beat files. */
  settings: z.record(z.string(), settingSchema),
  /** Keys that stand twice in one file (the last wins without any error). */
  duplicates: z.array(
    z.strictObject({ file: z.string(), key: z.string(), lines: z.array(z.number().int()) }),
  ),
  files: z.array(z.string()),
  /** Last error lines of the unit's journal, redacted. */
  errors: z.array(z.string()),
});

export const kubernetesSchema = z.strictObject({
  installs: z.array(installSchema),
  /** Certificates found below the data directories; days are rounded down. */
  certificates: z.array(
    z.strictObject({ path: z.string(), notAfter: z.string(), daysLeft: z.number().int() }),
  ),
  /** Data directories that exist although nothing is installed there. */
  remains: z.array(z.string()),
  /**
   * What stands in K3s' configuration beside Drover's own file, place by place, not merged; a key that appends ends in
   * `+`. Present also where K3s is not installed yet. Secret values are replaced as in settings.
   */
  own: z
    .array(
      z.strictObject({
        key: z.string(),
        value: valueSchema,
        origin: z.string(),
        from: z.enum(['file', 'unit', 'environment']),
      }),
    )
    .optional(),
});

/** Where container runtimes on the host really read CNI configuration, and what lies in all known folders. */
export const cniSchema = z.strictObject({
  readFrom: z.array(
    z.strictObject({ runtime: z.string(), confDir: z.string(), binDir: z.string(), source: z.string() }),
  ),
  files: z.array(
    z.strictObject({ path: z.string(), type: z.string().optional(), name: z.string().optional() }),
  ),
  binaries: z.array(z.string()),
});

/** Something that a cluster network or proxy left or runs on the host (network.md §3). */
export const traceSchema = z.strictObject({
  owner: z.enum([
    'flannel',
    'calico',
    'cilium',
    'kube-proxy',
    'kube-router',
    'portmap',
    'k3s',
    'rke2',
    'kubespray',
    'weave',
    'lab',
  ]),
  kind: z.enum([
    'link',
    'route',
    'rule',
    'chain',
    'nft-table',
    'ipset',
    'file',
    'bpf',
    'tc',
    'sysctl',
    'ipvs',
  ]),
  name: z.string(),
  detail: z.string().optional(),
});
export const tracesSchema = z.array(traceSchema);
export type Trace = z.infer<typeof traceSchema>;

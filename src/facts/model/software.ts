import { z } from 'zod';

export const runtimeSchema = z.strictObject({
  name: z.enum(['docker', 'containerd', 'crio', 'podman']),
  version: z.string(),
  active: z.boolean(),
  enabled: z.boolean(),
});
export const runtimesSchema = z.array(runtimeSchema);

export const packagesSchema = z.strictObject({
  manager: z.enum(['apt', 'dnf', 'yum', 'zypper', 'apk', 'unknown']),
  /** Process that holds the package manager's lock. */
  lockedBy: z.string().optional(),
  /** dpkg was interrupted, or similar. */
  broken: z.boolean(),
  /** Version text of programs that matter (perl, python3, iptables, nft, ipset, conntrack, ip, curl …); absent = not installed. */
  programs: z.record(z.string(), z.string()),
  /** Names of all installed packages, where dpkg keeps them. */
  installed: z.array(z.string()).optional(),
  unattendedUpgrades: z.boolean(),
});

export const securitySchema = z.strictObject({
  selinux: z.enum(['enforcing', 'permissive', 'disabled']),
  apparmor: z.boolean(),
  lockdown: z.string().optional(),
});

export const sudoSchema = z.strictObject({
  user: z.string(),
  uid: z.number().int(),
  /** The collectors ran with root's rights. */
  root: z.boolean(),
  /** TCP port of the host on which the session came in. */
  sshPort: z.number().int().optional(),
});

/** State of the units that matter, by name; only units that exist are listed. */
export const unitsSchema = z.record(z.string(), z.strictObject({ active: z.string(), enabled: z.string() }));

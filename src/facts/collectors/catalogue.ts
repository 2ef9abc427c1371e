import type { Collector } from '../collector.js';
import type { CollectorId } from '../model/host-facts.js';
import { cgroups } from './cgroups.js';
import { clock } from './clock.js';
import { cni } from './cni.js';
import { cpu } from './cpu.js';
import { disks } from './disks.js';
import { files } from './files.js';
import { firewall } from './firewall.js';
import { identity } from './identity.js';
import { ipsets } from './ipsets.js';
import { kernel } from './kernel.js';
import { kubernetes } from './kubernetes.js';
import { limits } from './limits.js';
import { links } from './links.js';
import { memory } from './memory.js';
import { neighbours } from './neighbours.js';
import { os } from './os.js';
import { packages } from './packages.js';
import { ports } from './ports.js';
import { proxies } from './proxies.js';
import { resolver } from './resolver.js';
import { routes } from './routes.js';
import { runtimes } from './runtimes.js';
import { security } from './security.js';
import { sudo } from './sudo.js';
import { swap } from './swap.js';
import { sysctlFiles } from './sysctl-files.js';
import { sysctls } from './sysctls.js';
import { traces } from './traces.js';
import { units } from './units.js';

/** All collectors by id: one file each, one line here. */
export const collectors = {
  os,
  identity,
  kernel,
  cgroups,
  sysctls,
  'sysctl-files': sysctlFiles,
  cpu,
  memory,
  swap,
  disks,
  limits,
  clock,
  links,
  routes,
  neighbours,
  ports,
  resolver,
  proxies,
  firewall,
  ipsets,
  runtimes,
  packages,
  security,
  sudo,
  units,
  kubernetes,
  cni,
  traces,
  files,
} as const satisfies { readonly [Id in CollectorId]: Collector<Id> };

export const COLLECTOR_IDS = Object.keys(collectors) as readonly CollectorId[];

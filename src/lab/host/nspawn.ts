import type { CgroupMode } from '../cgroups/groups.js';
import { SHARE_IN_HOST } from '../cluster/share.js';
import { BRIDGE, cgroupName, gatewayNetns, machineName, netnsPath } from '../names.js';
import type { HostPaths } from '../paths.js';
import type { LabPlan } from '../state/schema.js';
import { DATA_DIRECTORIES, dataFolder } from './disk.js';

export interface NspawnInput {
  readonly plan: LabPlan;
  readonly host: string;
  readonly paths: HostPaths;
  readonly cgroups: CgroupMode;
  /** This machine's kernel modules exist as files, so that hosts can see what the kernel offers. */
  readonly modules: boolean;
  /** Folder of this machine with the program and the images of the lab's cluster. */
  readonly share?: string;
}

/** Hosts are root on their own, but must not set the machine's clock or load modules into its kernel. */
const DROPPED = 'CAP_SYS_TIME,CAP_SYS_MODULE';

/** System calls that Kubernetes' parts make and systemd-nspawn forbids by itself. */
const SYSTEM_CALLS = 'add_key keyctl bpf perf_event_open';

/** systemd in the host has to be told to accept cgroup v1; it would refuse to boot otherwise. */
const LEGACY_INIT = ['systemd.unified_cgroup_hierarchy=0', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'];

const networkArgument = (plan: LabPlan): string =>
  plan.network === 'routed' ? '--network-veth' : `--network-bridge=${BRIDGE}`;

/** Arguments of systemd-nspawn for one host. Pure. */
const nspawnArguments = ({ plan, host, paths, cgroups, modules, share }: NspawnInput): readonly string[] => [
  '--quiet',
  '--boot',
  // This machine may have no machined; the cgroup that the launcher sits in is the host's.
  '--register=no',
  '--keep-unit',
  '--settings=no',
  `--directory=${paths.root}`,
  `--machine=${machineName(plan, host)}`,
  `--hostname=${host}`,
  networkArgument(plan),
  '--capability=all',
  `--drop-capability=${DROPPED}`,
  `--system-call-filter=${SYSTEM_CALLS}`,
  ...DATA_DIRECTORIES.map((directory) => `--bind=${dataFolder(paths, directory)}:${directory}`),
  '--bind=/dev/kmsg',
  ...(modules ? ['--bind-ro=/lib/modules'] : []),
  ...(share === undefined ? [] : [`--bind-ro=${share}:${SHARE_IN_HOST}`]),
  '--resolv-conf=off',
  '--timezone=off',
  '--link-journal=no',
  ...(cgroups === 'v1' ? LEGACY_INIT : []),
];

/** Joins every group by itself before it becomes the program: `sh -c … sh COUNT GROUP… COMMAND…`. */
const JOIN_GROUPS = `count=$1; shift
while [ "$count" -gt 0 ]; do echo $$ >"$1/cgroup.procs" || exit 90; shift; count=$((count - 1)); done
exec "$@"`;

/** The command line that starts a host: groups first, then the lab's network namespace, then the container. Pure. */
export const launchCommand = (
  input: NspawnInput,
  groups: readonly string[],
): readonly [string, readonly string[]] => {
  const container = [
    'nsenter',
    `--net=${netnsPath(gatewayNetns(input.plan))}`,
    '--',
    'systemd-nspawn',
    ...nspawnArguments(input),
  ];
  if (input.cgroups !== 'scope')
    return ['sh', ['-c', JOIN_GROUPS, 'sh', String(groups.length), ...groups, ...container]];
  const unit = cgroupName(input.plan, input.host);
  return [
    'systemd-run',
    ['--quiet', '--scope', '--collect', `--unit=${unit}`, '--property=Delegate=yes', '--', ...container],
  ];
};

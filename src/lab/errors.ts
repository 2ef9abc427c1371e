import { type DroverError, defineErrors } from '../core/error.js';

const OWN_MACHINES =
  'The lab is optional: `drover doctor root@ADDRESS …` and every other command work on your own machines without it.';

/** Errors of the lab: each says what was done so far and how to go on. */
export const labErrors = defineErrors({
  'lab-needs-linux': {
    title: 'The lab needs Linux',
    exit: 'failure',
    explain: `Lab hosts are containers with their own network namespace, which only a Linux kernel has. Use a Linux machine or a virtual machine.\n\n${OWN_MACHINES}`,
  },
  'lab-needs-root': {
    title: 'The lab needs root',
    exit: 'failure',
    explain: `Network namespaces, overlay mounts and containers can only be made by root. Run the same command with \`sudo\`; the files stay yours.\n\n${OWN_MACHINES}`,
  },
  'lab-package-missing': {
    title: 'A package that the lab needs is not installed',
    exit: 'failure',
    explain: `The lab is made with a handful of standard Debian packages. The message names the command that installs them.\n\n${OWN_MACHINES}`,
  },
  'lab-kernel': {
    title: 'The kernel lacks something that the lab needs',
    exit: 'failure',
    explain: `Lab hosts need overlay file systems, network namespaces, veth pairs and bridges. Restricted containers and very small kernels lack them; use a virtual machine.\n\n${OWN_MACHINES}`,
  },
  'lab-disk': {
    title: 'Too little disk space for the lab',
    exit: 'failure',
    explain: `The shared root file system takes about 1 GB and each host a few megabytes, more once a cluster runs on it. Set XDG_CACHE_HOME and XDG_STATE_HOME to a larger disk, or free some space.\n\n${OWN_MACHINES}`,
  },
  'lab-memory': {
    title: 'Too little memory for the lab',
    exit: 'failure',
    explain: `A bare lab host takes about 25 MiB, a server with a cluster about 500 MiB. Start fewer hosts: \`drover lab up HOST …\`.\n\n${OWN_MACHINES}`,
  },
  'lab-file-system': {
    title: 'The lab cannot live on this file system',
    exit: 'failure',
    explain:
      'Hosts keep their changes in an overlay, and the directory above must not be an overlay itself (as the root of most containers is), nor a network file system. Set XDG_STATE_HOME to a directory on ext4, xfs or btrfs.',
  },
  'lab-spec': {
    title: 'The lab cannot make the hosts of this spec',
    exit: 'spec',
    explain:
      'The lab gives hosts the addresses of the spec. They must be IPv4 addresses of the node range, all different, and the gateway address must be free.',
  },
  'lab-address-conflict': {
    title: 'Two things of the lab would have the same address',
    exit: 'spec',
    explain:
      'The first address of the node range is the gateway of the lab (as it is at most providers), and the resolvers of the spec are answered by the lab. No host may have one of these addresses.',
  },
  'lab-name': {
    title: 'Not a usable name for a lab',
    exit: 'usage',
    explain: 'A lab name has lower-case letters, digits and dashes, at most 40 characters.',
  },
  'lab-host-unknown': {
    title: 'No such host',
    exit: 'usage',
    explain:
      'The host is not in the spec, or not in this lab. `drover lab status` lists the hosts of the lab.',
  },
  'lab-exists': {
    title: 'A lab of this name is up already',
    exit: 'failure',
    explain:
      'Lab names are unique. Take the running one down first (`drover lab down NAME`), or give the new one another name (`--name`). Several labs can run at the same time: each has its own network namespace.',
  },
  'lab-not-found': {
    title: 'No such lab',
    exit: 'usage',
    explain:
      'No lab of this name is up. `drover lab up` makes one; `drover lab status` lists those that exist.',
  },
  'lab-ambiguous': {
    title: 'Several labs are up',
    exit: 'usage',
    explain: 'Name the lab: `--lab NAME`, or as the argument of `drover lab` commands.',
  },
  'lab-busy': {
    title: 'Another command is changing this lab',
    exit: 'locked',
    explain:
      'Commands that change a lab run one at a time. The lock is held by the kernel for as long as the other process lives, so it can never be stale.',
  },
  'lab-state': {
    title: 'The record of the lab cannot be read',
    exit: 'failure',
    explain:
      'state.json of the lab is damaged or was written by a newer Drover. `drover lab down NAME` removes the lab by what the kernel knows about it.',
  },
  'lab-rootfs': {
    title: 'The root file system could not be made',
    exit: 'failure',
    explain:
      'debootstrap fetches Debian packages from the mirror in this machine’s own apt sources (or the one given by --mirror). The message holds its last lines. A failed attempt leaves nothing behind; the next one starts afresh.',
  },
  'lab-command': {
    title: 'A system command failed',
    exit: 'failure',
    explain:
      'The lab is made with standard tools; one of them failed. The message shows which, and what it printed.',
  },
  'lab-boot': {
    title: 'A lab host did not come up',
    exit: 'failure',
    explain:
      'The host was started but its sshd did not answer in time. The message shows the end of its console. A machine under heavy load may need a longer --timeout.',
  },
  'lab-host-power': {
    title: 'The host is not in the state that this needs',
    exit: 'usage',
    explain:
      'The command needs a running host (or a stopped one). `drover lab status` shows which are which.',
  },
  'lab-throttle': {
    title: 'The kernel cannot shape traffic that way',
    exit: 'failure',
    explain:
      'Rates need the kernel’s `tbf` queue, delays need `netem`. Minimal kernels lack netem; virtual-machine hosts bring a kernel that has it.',
  },
  'lab-snapshot': {
    title: 'No such snapshot',
    exit: 'usage',
    explain:
      '`drover lab snapshot NAME` saves the disks of all hosts; `drover lab status` lists what was saved.',
  },
  'lab-cluster-spec': {
    title: 'The lab cannot make the cluster of this spec by itself',
    exit: 'spec',
    explain:
      '`lab up --cluster` makes a K3s-shaped cluster with Flannel (vxlan or host-gw) and kube-proxy on container hosts, without any step of Drover. For everything else take bare hosts (`lab up`) and let `drover apply` make the cluster.',
  },
  'lab-cluster': {
    title: 'The cluster of the lab did not come up',
    exit: 'failure',
    explain:
      'The hosts run, but not all nodes became Ready in time. The message shows the last words of the engine on the first node that is missing. A machine under heavy load may need a longer --timeout.',
  },
  'lab-no-cluster': {
    title: 'There is no cluster in the lab',
    exit: 'failure',
    explain:
      'No running server of the lab has a kubeconfig. `drover lab up --cluster` makes hosts with a cluster, `drover apply --lab` makes one on bare hosts.',
  },
  'lab-fault': {
    title: 'The fault could not be injected or healed',
    exit: 'failure',
    explain:
      'Faults are small scripts that run on lab hosts. The message shows what the script printed. `drover lab heal` can be repeated; `drover lab reset` restores the disks.',
  },
  'lab-fault-unknown': {
    title: 'No such fault',
    exit: 'usage',
    explain: '`drover lab break` without arguments lists the faults.',
  },
});

export type LabErrorCode = keyof typeof labErrors;

/** An error of the lab; without `state` nothing was changed. */
export const labError = (
  code: LabErrorCode,
  message: string,
  more: Omit<Partial<DroverError>, 'code' | 'message'> = {},
): DroverError => ({ code, message, state: 'nothing was changed', ...more });

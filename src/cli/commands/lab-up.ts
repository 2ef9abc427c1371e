import { defineCommand } from '../command.js';
import { fileFlag } from '../flags.js';
import { k3sDownloadFlags, k3sImagesFlag } from '../k3s-flags.js';

export const labUp = defineCommand({
  name: 'lab up',
  summary: 'Make the hosts of a spec real on this machine',
  description:
    "Makes every server and agent of the spec as a Debian host with systemd, sshd and the spec's own address, in a network of the lab's own. Nothing outside can reach it, and it reaches nothing outside: real hosts with the same addresses are never touched. The first time, a root file system is made (1 to 2 minutes); after that a lab is up in seconds. Needs root.",
  arguments: [
    {
      name: 'HOST',
      required: false,
      variadic: true,
      summary: 'Only these hosts; default: all servers and agents',
      complete: 'host',
    },
  ],
  flags: [
    fileFlag,
    { name: 'name', value: 'NAME', summary: 'Name of the lab; default: the name of the cluster' },
    {
      name: 'routed',
      summary: 'Each host behind a router (L3, MTU 1450, source check), whatever the spec says',
    },
    {
      name: 'cluster',
      summary:
        'Make the cluster of the spec too, with the lab’s own Kubernetes and without any step of Drover',
    },
    {
      name: 'k3s',
      value: 'PATH',
      summary: 'With --cluster: this K3s program instead of the lab engine; needs no Go',
    },
    ...k3sDownloadFlags,
    k3sImagesFlag,
    {
      name: 'vm',
      summary: 'Virtual machines with a kernel of their own instead of containers (at most 3; slower)',
    },
    {
      name: 'vm-memory',
      value: 'MIB',
      summary: 'Memory of each virtual machine; default: spec.lab.resources.memory, or 1024',
    },
    { name: 'with', value: 'HOST', repeatable: true, summary: 'Make this external host too' },
    {
      name: 'mirror',
      value: 'URL',
      env: 'DROVER_DEBIAN_MIRROR',
      summary: 'Debian mirror for the root file system; default: the one of this machine',
    },
    {
      name: 'timeout',
      value: 'SECONDS',
      default: '60',
      summary: 'How long sshd of the hosts may take to answer',
    },
  ],
  examples: [
    { command: 'drover lab up', text: 'the hosts of ./drover.yaml' },
    {
      command: 'drover lab up -f examples/keybuzz/drover.yaml --routed',
      text: 'as on a cloud provider’s network',
    },
    { command: 'drover lab up --cluster', text: 'hosts with a running cluster' },
    {
      command: 'drover lab up --cluster --k3s ./k3s --k3s-images k3s-airgap-images-amd64.tar.zst',
      text: 'with a real K3s',
    },
  ],
  exits: ['spec', 'locked'],
  entersLab: false,
  load: () => import('./lab-up.run.js'),
});

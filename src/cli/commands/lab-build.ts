import { defineCommand } from '../command.js';
import { k3sDownloadFlags } from '../k3s-flags.js';

export const labBuild = defineCommand({
  name: 'lab build',
  summary: 'Compile the Kubernetes of the lab and make its container images',
  description:
    'Compiles the lab engine and the add-ons from Go modules, once, into your cache, and makes their container images without a container engine. `drover lab up --cluster` does the same by itself. What is there already is not touched. With --k3s or --k3s-url a real K3s takes the place of the engine and Go is needed for the add-ons only; such a lab is marked "not rehearsed by this version".',
  arguments: [],
  flags: [
    {
      name: 'k3s',
      value: 'PATH',
      env: 'DROVER_K3S',
      summary: 'Use this K3s program instead of the lab engine',
    },
    ...k3sDownloadFlags,
    {
      name: 'kubernetes',
      value: 'VERSION',
      summary:
        'Kubernetes version of the lab engine, as 1.34 or v1.34.2+k3s1; default: that of lab/engine/versions.json',
    },
    { name: 'only', value: 'NAME', repeatable: true, summary: 'Build only this program or image' },
  ],
  examples: [
    { command: 'drover lab build', text: 'Compile everything that a cluster needs' },
    { command: 'drover lab build --only traefik', text: 'Compile one program and make its image' },
    { command: 'drover lab build --k3s ./k3s', text: 'Use a real K3s that you have downloaded' },
  ],
  exits: [],
  entersLab: false,
  load: () => import('./lab-build.run.js'),
});

/**
 * Changing the cluster network of 3 servers and 2 agents with an application of 10 replicas on them: what every pair of pods is
 * away when one node's pods are just recreated (the control), while Drover changes the network node by node and in place, and on
 * the way back; and by the commands that documents recommend.
 *
 * Options: `--part=drover`, `--part=documents`; without: both.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { connectKube } from '../src/app/lab/connect-kube.js';
import type { Kube } from '../src/core/ports/kube.js';
import { labPaths } from '../src/lab/paths.js';
import { application } from './lib/application.js';
import { measureDocuments } from './lib/cni-documents.js';
import { measureDrover } from './lib/cni-drover.js';
import { HEAD, HOSTS, type Part } from './lib/cni-part.js';
import { type BenchLab, makeLab } from './lib/lab.js';
import { writeSection } from './lib/page.js';

const { values: given } = parseArgs({ options: { part: { type: 'string', default: 'both' } } });

const withCluster = async (
  prefix: string,
  use: (lab: BenchLab, kube: Kube) => Part | Promise<Part>,
): Promise<Part> => {
  const { lab, remove } = makeLab(prefix, HOSTS, '--cluster');
  try {
    application(lab);
    const kube = await connectKube(readFileSync(labPaths(process.env, lab.name).kubeconfig, 'utf8'));
    const part = await use(lab, kube);
    kube.close();
    return part;
  } finally {
    remove();
  }
};

const parts: Part[] = [];
if (given.part !== 'documents') parts.push(await withCluster('bench-cni', measureDrover));
if (given.part !== 'drover') parts.push(await withCluster('bench-cni-doc', measureDocuments));
writeSection('cni', parts.map(({ about }) => about).join('. '), [HEAD, ...parts.flatMap(({ rows }) => rows)]);

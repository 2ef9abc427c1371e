import { setTimeout as delay } from 'node:timers/promises';
import type { Kube } from '../../src/core/ports/kube.js';
import { labRecipe } from '../../src/steps/cni/networks/lab.js';
import type { RecipeInput } from '../../src/steps/cni/recipe.js';
import { checkNetwork } from '../../src/verify/network.js';
import { removeProbes } from '../../src/verify/probes.js';
import { labImage } from './application.js';
import { changeAsDocumented } from './change-documents.js';
import { DNS_NAME, type Part, row, SERVERS, watchedIn } from './cni-part.js';
import type { BenchLab } from './lab.js';
import { seconds } from './measure.js';
import { ofPairs } from './outages.js';
import { watchPairs } from './watch.js';

/** How long the cluster may settle after the last command, before it is judged. */
const SETTLE_MS = 60_000;
const NEW_ADDRESS = '192.168.';
const PODS = { group: '', version: 'v1', plural: 'pods' } as const;

interface Placed {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly podIP?: string };
}

/** What the lab's network takes when nobody tells it about the cluster: as Calico's manifest does, a range of its own. */
const DEFAULTS: RecipeInput = {
  version: '1',
  mode: 'vxlan',
  pool: '192.168.0.0/16',
  pods: '192.168.0.0/16',
  services: '10.43.0.0/16',
  blockPrefix: 26,
  mtu: 1450,
  port: 4789,
  beside: false,
  confDir: '/etc/cni/net.d',
  binDir: '/opt/cni/bin',
  api: { host: '10.43.0.1', port: 443 },
  nodes: [],
};

/** Nodes whose pods of the application have addresses of the new network. */
const movedNodes = async (kube: Kube): Promise<number> => {
  const moved = new Set<string>();
  for await (const page of kube.list(PODS, { namespace: 'default' })) {
    if (!page.ok) throw new Error(page.error.message);
    for (const { spec, status } of page.value.items as readonly Placed[])
      if (status?.podIP?.startsWith(NEW_ADDRESS) === true) moved.add(spec?.nodeName ?? '');
  }
  return moved.size;
};

/** The network matrix of `drover verify`, from every node to every node. */
const failedChecks = async (
  kube: Kube,
  nodes: readonly string[],
): Promise<{ readonly failed: number; readonly all: number }> => {
  const namespace = 'drover-verify-bench';
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  const results = await checkNetwork({
    kube,
    nodes,
    names: { namespace, image: labImage('busybox'), expires },
    dnsNames: [DNS_NAME],
    limitMs: 60_000,
    signal: new AbortController().signal,
  });
  await removeProbes(kube, namespace);
  return { failed: results.filter(({ status }) => status === 'fail').length, all: results.length };
};

/** The commands of the documents, watched by the same guard as Drover's own changes. */
export const measureDocuments = async (lab: BenchLab, kube: Kube): Promise<Part> => {
  const { objects } = labRecipe.set(DEFAULTS, []);
  const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const watched = watchedIn(lab, kube);
  const { addresses, params } = watched;
  const begin = performance.now();
  let ms = 0;
  const outages = await watchPairs(watched, async () => {
    await changeAsDocumented(lab, { servers: lab.hosts.slice(0, SERVERS), manifest });
    ms = performance.now() - begin;
    await delay(SETTLE_MS);
  });
  const open = new Set(ofPairs(outages).flatMap((one) => (one.open === true ? [one.subject] : [])));
  const { failed, all } = await failedChecks(kube, params.nodes);
  const moved = await movedNodes(kube);
  const pairs = addresses.size * (addresses.size - 1);
  return {
    about: `${seconds(SETTLE_MS)} after the last command of the documents the new network had the pods of ${moved} of ${addresses.size} nodes, the former one had the others; ${open.size} of ${pairs} pairs were away, and ${failed} of ${all} checks of the network by \`drover verify\` failed`,
    rows: [row("the documents' commands", seconds(ms), outages)],
  };
};

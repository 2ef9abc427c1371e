import { readFileSync } from 'node:fs';
import { sha256 } from '../../core/canonical.js';
import { ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { count, sentence } from '../../core/text.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import type { StepFailure } from '../failure.js';
import { inOrder, mustSucceed, notHeld } from '../outcome.js';
import { type ApplyContext, defineStep, type World } from '../step.js';
import { exportFolder } from './exports.js';
import { type ClusterSave, readClusterSave } from './save-cluster.js';

type Params = {
  /** Why it is saved, as the plan shows it: `Flannel → Calico`. */
  readonly change: string;
};

/** A type alias is JSON, an interface is not. */
type State = { readonly saved: boolean };

const INVENTORY = readFileSync(new URL('inventory.sh', import.meta.url), 'utf8');

const installOf = (host: HostFacts | undefined) =>
  host?.sections.kubernetes?.value?.installs.find(
    ({ kind, role, active }) => kind === 'k3s' && role === 'server' && active === 'active',
  );

const serversOf = ({ hosts }: World, names: readonly string[]): readonly string[] =>
  names.filter((name) => installOf(hosts.get(name)) !== undefined);

/** A running server whose data is an etcd of its own: K3s saves that as a whole. */
const etcdServer = ({ hosts }: World, names: readonly string[]): string | undefined =>
  names.find((name) => installOf(hosts.get(name))?.datastore === 'etcd');

const snapshotName = (run: string): string => `drover-${sha256(run).slice(0, 12)}`;

/** Saved once per run: an earlier attempt saw it before anything was changed. */
const snapshotScript = (run: string): string => {
  const name = snapshotName(run);
  return `k3s etcd-snapshot ls 2>/dev/null | grep -q '^${name}-' || k3s etcd-snapshot save --name ${name}`;
};

const forgetSnapshot = (run: string): string =>
  `k3s etcd-snapshot ls 2>/dev/null | awk '/^${snapshotName(run)}-/ { print $1 }' | while read -r name; do k3s etcd-snapshot delete "$name"; done`;

const inventoryPath = (run: string): string => `${exportFolder(run)}/inventory`;
const clusterPath = (run: string): string => `${exportFolder(run)}/cluster.json`;

const inventoryScript = (run: string): string => {
  const path = shellQuote(inventoryPath(run));
  return `[ ! -s ${path} ] || exit 0\numask 077\nmkdir -p "$(dirname ${path})" || exit 73\n{\n${INVENTORY}\n} >${path}.new && sync ${path}.new && mv -f ${path}.new ${path} || exit 73`;
};

const keepInventory = async (context: ApplyContext, host: string): Promise<Result<void, StepFailure>> => {
  const done = mustSucceed(
    host,
    'keep an inventory of its network',
    await context.on(host).change(inventoryScript(context.run), { title: 'keep an inventory' }),
  );
  return done.ok ? ok(undefined) : done;
};

const keepCluster = async (
  context: ApplyContext,
  servers: readonly string[],
): Promise<Result<ClusterSave, StepFailure>> => {
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const save = await readClusterSave(kube.value, context.world, context.signal);
  if (!save.ok) return save;
  const content = `${JSON.stringify(save.value)}\n`;
  for (const host of servers) {
    const seen = await context
      .on(host)
      .read(`[ -s ${shellQuote(clusterPath(context.run))} ] && echo kept || true`);
    if (!seen.ok) return seen;
    if (seen.value.stdout.trim() === 'kept') continue;
    const written = await context.on(host).files([{ path: clusterPath(context.run), content, mode: '0600' }]);
    if (!written.ok) return written;
  }
  return save;
};

const keepSnapshot = async (context: ApplyContext, server: string): Promise<Result<void, StepFailure>> => {
  const done = mustSucceed(
    server,
    'save a snapshot of etcd',
    await context.on(server).change(snapshotScript(context.run), { title: 'save a snapshot of etcd' }),
  );
  return done.ok ? ok(undefined) : done;
};

const told = ({ barePods, policies, networks }: ClusterSave, snapshot: boolean): string =>
  sentence([
    snapshot ? 'a snapshot of etcd' : 'no snapshot: K3s has no etcd of its own',
    count(barePods.length, 'bare pod'),
    count(policies.length, 'NetworkPolicy', 'NetworkPolicies'),
    count(networks.kinds.length, 'definition of networks', 'definitions of networks'),
    'an inventory of every host',
  ]);

/** Keeps everything that a change of the network could lose, on the hosts themselves, before the first of it changes. */
export const cniSave = defineStep<Params, State>({
  id: 'cni.save',
  title: ({ change }) => `Save what a change of the network could lose (${change})`,
  scope: 'cluster',
  reads: ['cluster', 'kubernetes'],
  risk: 'none',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 5 },
  timeoutMs: 300_000,
  retry: 'transient',
  disruptive: false,
  // Saved anew by every run: what an earlier one kept may be old.
  observe: () => ({ saved: false }),
  diff: () => [
    { kind: 'run', what: 'etcd, bare pods, policies, objects of networks', after: 'saved on the servers' },
    { kind: 'run', what: 'packet filters, sets, devices, routes, files', after: 'written down on each host' },
  ],
  apply: async (context) => {
    const { world, subject } = context;
    const servers = serversOf(world, subject.hosts);
    const etcd = etcdServer(world, subject.hosts);
    let saved = '';
    const done = await inOrder([
      async () => {
        const kept = await Promise.all(subject.hosts.map((host) => keepInventory(context, host)));
        return kept.find((each) => !each.ok) ?? ok(undefined);
      },
      async () => {
        const kept = await keepCluster(context, servers);
        if (kept.ok) saved = told(kept.value, etcd !== undefined);
        return kept;
      },
      () => (etcd === undefined ? Promise.resolve(ok(undefined)) : keepSnapshot(context, etcd)),
    ]);
    return done.ok ? ok({ saved, run: context.run }) : done;
  },
  verify: async (context) => {
    const { outputs, subject, world, read } = context;
    const { run, saved } = outputs ?? {};
    if (typeof run !== 'string' || typeof saved !== 'string')
      return notHeld('the cluster', 'nothing was saved by this run');
    const servers = serversOf(world, subject.hosts);
    for (const host of subject.hosts) {
      const paths = [inventoryPath(run), ...(servers.includes(host) ? [clusterPath(run)] : [])];
      const looks = paths.map((path) => `[ -s ${shellQuote(path)} ] || echo ${shellQuote(path)}`);
      const snapshot = `k3s etcd-snapshot ls 2>/dev/null | grep -q '^${snapshotName(run)}-' || echo 'the snapshot'`;
      const also = host === etcdServer(world, subject.hosts) ? [snapshot] : [];
      const seen = await read(host).read([...looks, ...also, 'true'].join('\n'));
      if (!seen.ok) return seen;
      const missing = seen.value.stdout.trim().split('\n').filter(Boolean);
      if (missing.length > 0) return notHeld(host, `${sentence(missing)} is missing`);
    }
    return ok({ text: `${saved}, in ${exportFolder(run)}` });
  },
  revert: async (context) => {
    const run = context.takesBack?.run ?? context.run;
    const etcd = etcdServer(context.world, context.subject.hosts);
    for (const host of context.subject.hosts) {
      const folder = shellQuote(exportFolder(run));
      const snapshot = host === etcd ? `\n${forgetSnapshot(run)}` : '';
      const gone = await context
        .on(host)
        .change(`rm -rf ${folder}${snapshot}`, { title: 'forget what was saved' });
      const done = mustSucceed(host, 'forget what was saved', gone);
      if (!done.ok) return done;
    }
    return ok(undefined);
  },
});

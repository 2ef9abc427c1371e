import { execa } from 'execa';
import type { DroverError } from '../../core/error.js';
import type { Realm } from '../../core/realm.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import { buildLab } from '../../lab/build/build.js';
import { keptDigest } from '../../lab/build/kept-digest.js';
import { engineLine } from '../../lab/build/versions.js';
import type { LabContext } from '../../lab/context.js';
import type { K3sGoalsInput } from '../../plan/k3s-goals.js';
import type { Cluster } from '../../spec/cluster.js';
import { vaultApplications, vaultHost } from '../../spec/vault.js';
import { enabledApps } from '../../steps/apps/input.js';
import type { Arch } from '../../steps/operator/artifact.js';
import { absentHosts } from '../lab/absent-hosts.js';
import { sampledOf } from './binary.js';
import { airgapOf, archiveOf } from './image-archive.js';
import { k3sArtifact } from './k3s-source.js';
import { keptArtifact, ownArch } from './operator/artifact-cache.js';

export type Artifacts = Pick<K3sGoalsInput, 'binary' | 'archives'>;

const askVersion = async (path: string): Promise<string> => {
  const { stdout } = await execa(path, ['--version']);
  return /^k3s version (\S+)/m.exec(stdout)?.[1] ?? '';
};

/** Images that only a spec with such things needs. */
const onDemand = (cluster: Cluster, absent: readonly string[]): readonly string[] => [
  ...(vaultApplications(cluster).length === 0 || absent.includes(vaultHost(cluster) ?? '') ? [] : ['vault']),
  ...(enabledApps(cluster).length === 0 && !cluster.spec.monitoring.enabled ? [] : ['standin']),
  ...(cluster.spec.monitoring.enabled ? ['prometheus', 'node-exporter'] : []),
  ...(cluster.spec.monitoring.enabled && cluster.spec.monitoring.logs.enabled ? ['loki', 'otelcol'] : []),
  ...(cluster.spec.ingress.controller === 'none' ? [] : ['traefik']),
];

/**
 * The lab has no K3s of its own: its engine, which has K3s' interface, stands in for whatever version is asked: compiled
 * as that version where it can be.
 */
const labArtifacts = async (
  cluster: Cluster,
  realm: Realm,
  context: LabContext,
): Promise<Result<Artifacts, DroverError>> => {
  const absent = await absentHosts(cluster, { realm, env: context.env });
  const { distribution } = cluster.spec;
  const wanted = distribution.kind === 'k3s' ? engineLine(distribution.version) : undefined;
  const built = await buildLab(
    { also: onDemand(cluster, absent), ...(wanted?.ok ? { version: wanted.value.line } : {}) },
    context,
  );
  if (!built.ok) return built;
  const { k3s, images, given = [] } = built.value;
  if (k3s === undefined) throw new Error('a cluster build has a K3s');
  const [version, sha256, sampled, archives] = await Promise.all([
    askVersion(k3s.path),
    keptDigest(k3s.path),
    sampledOf(k3s.path),
    Promise.all([...images.map(({ path }) => path), ...given].map((path) => archiveOf(path, keptDigest))),
  ]);
  if (distribution.kind === 'k3s' && distribution.version !== version) {
    const text = `in this lab ${version} stands in for K3s ${distribution.version}`;
    context.emit({ type: 'note', level: 'info', text });
  }
  if (cluster.spec.ingress.controller === 'nginx')
    context.emit({ type: 'note', level: 'info', text: 'in this lab Traefik stands in for ingress-nginx' });
  const source = { kind: 'built' as const, path: k3s.path };
  return ok({ binary: { version, arch: ownArch(), sha256, sampled, source }, archives });
};

const notK3s = (kind: string): DroverError => ({
  code: 'plan-distribution',
  message: `this version makes no plans for ${kind}`,
  state: 'nothing was changed',
});

const ARCHES: Readonly<Record<string, Arch>> = { x86_64: 'amd64', aarch64: 'arm64' };

/** The processor that all hosts have; hosts that were not seen say nothing. */
const archOf = (hosts: readonly HostFacts[]): Result<Arch, DroverError> => {
  const seen = [...new Set(hosts.flatMap(({ sections }) => sections.os?.value?.arch ?? []))].sort();
  const [first, ...others] = seen;
  const arch = first === undefined ? ownArch() : ARCHES[first];
  if (arch !== undefined && others.length === 0) return ok(arch);
  return err({
    code: 'plan-processors',
    message: `K3s cannot be installed on hosts with ${sentence(seen)}`,
    state: 'nothing was changed',
    hint: 'all hosts of a cluster need one kind of processor, x86_64 or aarch64',
  });
};

/** From the release, a mirror, an address or a file. What was fetched before is known down to its bytes. */
const realArtifacts = async (
  cluster: Cluster,
  hosts: readonly HostFacts[],
  context: LabContext,
): Promise<Result<Artifacts, DroverError>> => {
  const arch = archOf(hosts);
  if (!arch.ok) return arch;
  const artifact = await k3sArtifact(cluster, arch.value, context.signal);
  if (!artifact.ok) return artifact;
  const archives = await airgapOf(cluster);
  if (!archives.ok) return archives;
  const { source, sha256 } = artifact.value;
  const here = source.kind === 'url' ? await keptArtifact(sha256, context) : source.path;
  const sampled = here === undefined ? null : await sampledOf(here);
  return ok({ binary: { ...artifact.value, sampled }, archives: archives.value });
};

/**
 * What is put on hosts: the K3s program and image archives with their digests. Nothing is fetched: that is an action of
 * the plan.
 */
export const findArtifacts = async (
  cluster: Cluster,
  realm: Realm,
  { hosts, context }: { readonly hosts: readonly HostFacts[]; readonly context: LabContext },
): Promise<Result<Artifacts, DroverError>> => {
  const { distribution } = cluster.spec;
  if (distribution.kind !== 'k3s') return err(notK3s(distribution.kind));
  return realm.kind === 'lab'
    ? labArtifacts(cluster, realm, context)
    : realArtifacts(cluster, hosts, context);
};

/** The version that nodes must have, and whether they have their images. */
export const wantedVersion = async (
  cluster: Cluster,
  realm: Realm,
  context: LabContext,
): Promise<Result<{ readonly version: string; readonly airgap: boolean }, DroverError>> => {
  const { distribution } = cluster.spec;
  if (distribution.kind !== 'k3s') return err(notK3s(distribution.kind));
  if (realm.kind === 'real')
    return ok({ version: distribution.version, airgap: distribution.airgap !== undefined });
  const artifacts = await labArtifacts(cluster, realm, context);
  if (!artifacts.ok) return artifacts;
  const { binary, archives } = artifacts.value;
  return ok({ version: binary.version, airgap: archives.length > 0 });
};

import { basename } from 'node:path';
import { count } from '../../core/text.js';
import type { LoadedCluster } from '../../spec/load-cluster.js';
import type { Migration } from '../../spec/migration.js';
import type { ClusterAccess } from '../../spec/schema/migration.js';
import type { Handler } from '../command.js';
import { textFlag } from '../lab-context.js';
import { readMigration } from '../load-migration.js';
import { loadSpec } from '../load-spec.js';
import { withFile } from '../spec-argument.js';
import { DEFAULT_SPEC, specKind } from '../spec-kind.js';

const summary = (cluster: LoadedCluster, shown: string): string => {
  const of = (role: string): number => cluster.hosts.filter((host) => host.role === role).length;
  const { distribution, network, applications } = cluster.spec;
  const mode = network.cni.mode === undefined ? '' : ` ${network.cni.mode}`;
  return [
    `${shown} is valid: cluster ${cluster.name}`,
    `  ${count(of('server'), 'server')}, ${count(of('agent'), 'agent')}, ${count(of('external'), 'external host')}`,
    `  ${distribution.kind} ${distribution.version}, ${network.cni.name}${mode}, ${count(applications.length, 'application')}`,
    ...cluster.accepted.map(({ code, until, reason }) => `  accepted until ${until}: ${code} (${reason})`),
    `  hash ${cluster.hash.slice(0, 12)}`,
    '',
  ].join('\n');
};

/** How a cluster is reached, in a few words. */
const accessText = ({ context, kubeconfig }: ClusterAccess): string =>
  [
    context === undefined ? 'the current context' : `context ${context}`,
    ...(kubeconfig === undefined ? [] : [`of ${basename(kubeconfig)}`]),
  ].join(' ');

const migrationSummary = ({ name, spec, hash }: Migration, shown: string): string =>
  [
    `${shown} is valid: migration ${name}`,
    `  from ${spec.source === undefined ? 'the bundle alone' : accessText(spec.source)} to ${accessText(spec.target)}`,
    `  ${count(spec.transforms.length, 'transform')}, existing objects: ${spec.restore.existing}`,
    `  hash ${hash.slice(0, 12)}`,
    '',
  ].join('\n');

interface Valid {
  readonly file: string;
  readonly name: string;
  readonly hash: string;
  readonly accepted: LoadedCluster['accepted'];
}

const printed = ({ file, name, hash, accepted }: Valid): string => {
  const result = {
    apiVersion: 'drover/v1',
    kind: 'ValidationResult',
    valid: true,
    file,
    name,
    hash,
    accepted,
  };
  return `${JSON.stringify(result, null, 2)}\n`;
};

export const run: Handler = async (args, context) => {
  const chosen = withFile(args);
  const shown = textFlag(chosen.flags, 'file') ?? DEFAULT_SPEC;
  const json = args.flags['output'] === 'json';
  if ((await specKind(chosen, context)) === 'Migration') {
    const migration = await readMigration(shown, context);
    if (!migration.ok) return { exit: 'spec', errors: migration.error };
    context.print(
      json ? printed({ ...migration.value, accepted: [] }) : migrationSummary(migration.value, shown),
    );
    return { exit: 'ok' };
  }
  const loaded = await loadSpec(chosen, context);
  if (!loaded.ok) return { exit: 'spec', errors: loaded.error };
  context.print(json ? printed(loaded.value) : summary(loaded.value, shown));
  return { exit: 'ok' };
};

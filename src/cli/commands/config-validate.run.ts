import { count } from '../../core/text.js';
import type { LoadedCluster } from '../../spec/load-cluster.js';
import type { CommandContext, Handler } from '../command.js';
import { loadSpec } from '../load-spec.js';
import { withFile } from '../spec-argument.js';

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

const print = (
  cluster: LoadedCluster,
  { print: out }: CommandContext,
  json: boolean,
  shown: string,
): void => {
  const { name, hash, accepted, file } = cluster;
  const result = {
    apiVersion: 'drover/v1',
    kind: 'ValidationResult',
    valid: true,
    file,
    name,
    hash,
    accepted,
  };
  out(json ? `${JSON.stringify(result, null, 2)}\n` : summary(cluster, shown));
};

export const run: Handler = async (args, context) => {
  const chosen = withFile(args);
  const loaded = await loadSpec(chosen, context);
  if (!loaded.ok) return { exit: 'spec', errors: loaded.error };
  const file = chosen.flags['file'];
  print(
    loaded.value,
    context,
    args.flags['output'] === 'json',
    typeof file === 'string' ? file : 'drover.yaml',
  );
  return { exit: 'ok' };
};

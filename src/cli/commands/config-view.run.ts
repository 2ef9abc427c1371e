import { effectiveSpec, effectiveValues, effectiveYaml } from '../../spec/effective.js';
import type { LoadedCluster } from '../../spec/load-cluster.js';
import { formatPath } from '../../spec/path.js';
import type { Handler } from '../command.js';
import { loadSpec } from '../load-spec.js';
import { withFile } from '../spec-argument.js';

const asJson = (cluster: LoadedCluster, origins: boolean): string => {
  const spec = effectiveSpec(cluster);
  if (!origins) return JSON.stringify(spec, null, 2);
  const values = effectiveValues(cluster).map(({ path, value, origin }) => ({
    path: formatPath(path),
    value,
    origin,
  }));
  return JSON.stringify({ ...spec, origins: values }, null, 2);
};

export const run: Handler = async (args, context) => {
  const loaded = await loadSpec(withFile(args), context);
  if (!loaded.ok) return { exit: 'spec', errors: loaded.error };
  const origins = args.flags['show-origin'] === true;
  context.print(
    args.flags['output'] === 'json'
      ? `${asJson(loaded.value, origins)}\n`
      : effectiveYaml(loaded.value, origins),
  );
  return { exit: 'ok' };
};

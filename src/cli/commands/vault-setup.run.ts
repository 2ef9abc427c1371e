import { type SetupPart, setupScript } from '../../steps/vault/setup-script.js';
import type { Handler } from '../command.js';
import { loadSpec } from '../load-spec.js';

export const run: Handler = async (args, context) => {
  const loaded = await loadSpec(args, context);
  if (!loaded.ok) return { errors: loaded.error };
  const cluster = loaded.value;
  const { vault } = cluster.spec;
  if (vault === undefined)
    return {
      errors: [
        {
          code: 'vault-unknown',
          message: 'the spec has no Vault server',
          state: 'nothing was done',
          hint: 'add vault: { address: https://… } to the spec; drover config explain vault tells its fields',
        },
      ],
    };
  const { only } = args.flags;
  const parts: readonly SetupPart[] = only === 'cluster' || only === 'vault' ? [only] : ['cluster', 'vault'];
  context.print(setupScript(cluster, vault, parts));
  return { exit: 'ok' };
};

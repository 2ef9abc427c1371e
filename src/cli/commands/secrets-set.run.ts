import { clusterTools } from '../../app/cluster/wiring.js';
import { didYouMean } from '../../core/did-you-mean.js';
import type { DroverError } from '../../core/error.js';
import { ok } from '../../core/result.js';
import type { Cluster } from '../../spec/cluster.js';
import { secretHandle } from '../../steps/secrets/delivery.js';
import { systemRandom } from '../../system/random.js';
import type { Handler } from '../command.js';
import { loadSpec } from '../load-spec.js';
import { readSecretValue } from '../read-secret-value.js';

/** Letters and digits alone, so that a value fits into any address, file or shell of an application. */
const generated = (): Uint8Array => Buffer.from(Buffer.from(systemRandom.bytes(24)).toString('hex'));

const undeclared = ({ spec }: Cluster, secret: string, key: string): DroverError | undefined => {
  const keys = spec.secrets.declared.find(({ name }) => name === secret)?.keys;
  if (keys?.includes(key) === true) return undefined;
  const near =
    keys === undefined
      ? didYouMean(
          secret,
          spec.secrets.declared.map(({ name }) => name),
        )
      : didYouMean(key, keys);
  return {
    code: 'unknown-secret',
    message:
      keys === undefined ? `the secret ${secret} is not declared` : `the secret ${secret} has no key ${key}`,
    state: 'nothing was changed',
    hint: near === undefined ? `declare it in spec.secrets.declared` : `did you mean ${near}?`,
  };
};

export const run: Handler = async (args, context) => {
  const [secret = '', key = ''] = args.positionals;
  const cluster = await loadSpec(args, context);
  if (!cluster.ok) return { errors: cluster.error };
  const unknown = undeclared(cluster.value, secret, key);
  if (unknown !== undefined) return { errors: [unknown] };
  const tools = await clusterTools({ ...context, cluster: cluster.value, hard: context.hard() });
  if (!tools.ok) return { errors: [tools.error] };
  const { secrets, secretsFile, instruments } = tools.value;
  try {
    const value =
      args.flags['generate'] === true
        ? ok(generated())
        : await readSecretValue(`${key} of ${secret}`, '--generate makes one up', context);
    if (!value.ok) return { errors: [value.error] };
    const kept = await secrets.put(secretHandle(secret, key), value.value);
    if (!kept.ok) return { errors: [{ ...kept.error, state: 'nothing was changed' }] };
    context.print(`${key} of ${secret} is sealed in ${secretsFile}; the next apply delivers it\n`);
    return { exit: 'ok' };
  } finally {
    await instruments.dispose();
  }
};

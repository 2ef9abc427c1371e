import type { DroverError, DroverErrors } from '../../../core/error.js';
import type { Kube } from '../../../core/ports/kube.js';
import type { Random } from '../../../core/ports/random.js';
import type { Secrets } from '../../../core/ports/secrets.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import type { Cluster } from '../../../spec/cluster.js';
import { formatPath } from '../../../spec/path.js';
import { deliveryKey, secretHandle } from '../../../steps/secrets/delivery.js';
import type { World } from '../../../steps/step.js';
import { seeSecrets } from '../see-secrets.js';
import type { ClusterTools } from '../tools.js';

interface Value {
  readonly name: string;
  readonly key: string;
}

/** Every value of every secret that some set needs. */
const valuesOf = (wanted: readonly WantedSet[]): readonly Value[] => {
  const all = wanted.flatMap(({ secrets = [] }) =>
    secrets.flatMap(({ name, keys }) => keys.map((key) => ({ name, key }))),
  );
  return [...new Map(all.map((value) => [secretHandle(value.name, value.key), value])).values()];
};

const missingError = (cluster: Cluster, { name, key }: Value): DroverError => {
  const index = cluster.spec.secrets.declared.findIndex((each) => each.name === name);
  const location = cluster.locate(formatPath(['spec', 'secrets', 'declared', index, 'name']));
  return {
    code: 'plan-secret-missing',
    message: `the store has no value for ${key} of the secret ${name}`,
    ...(location === undefined ? {} : { location }),
    state: 'nothing was changed',
    hint: `drover secrets set ${name} ${key}`,
  };
};

/** Values that sets need and the store lacks; an error for each. Nothing is opened. */
export const missingSecrets = async (
  cluster: Cluster,
  wanted: readonly WantedSet[],
  secrets: Pick<Secrets, 'handles'>,
): Promise<readonly DroverError[]> => {
  const values = valuesOf(wanted);
  if (values.length === 0) return [];
  const handles = await secrets.handles();
  if (!handles.ok) return [{ ...handles.error, state: 'nothing was changed' }];
  const held = new Set(handles.value);
  return values
    .filter(({ name, key }) => !held.has(secretHandle(name, key)))
    .map((value) => missingError(cluster, value));
};

export const isLab = ({ realm }: Pick<ClusterTools, 'realm'>): boolean => realm !== 'real';

/** How the secrets that sets need compare with the store; what a lab's store lacks will be made up. */
export const secretsSeen = async (
  wanted: readonly WantedSet[],
  kube: Pick<Kube, 'get'>,
  tools: Pick<ClusterTools, 'secrets' | 'realm'>,
  signal: AbortSignal,
): Promise<World['secrets']> => {
  const deliveries = new Map(
    wanted.flatMap(({ secrets = [] }) => secrets.map((each) => [deliveryKey(each), each] as const)),
  );
  const seen = await seeSecrets({ kube, secrets: tools.secrets, signal }, [...deliveries.values()]);
  if (seen === undefined || !isLab(tools)) return seen;
  return new Map([...seen].map(([key, verdict]) => [key, verdict === 'missing' ? 'absent' : verdict]));
};

/** In a lab, values that nobody has set are made up: its services and applications are the lab's own. */
export const makeUpSecrets = async (
  { spec }: Cluster,
  { secrets, random }: { readonly secrets: Pick<Secrets, 'ensure'>; readonly random: Random },
): Promise<Result<void, DroverErrors>> => {
  for (const { name, keys } of spec.secrets.declared) {
    for (const key of keys) {
      const made = await secrets.ensure(secretHandle(name, key), () =>
        Buffer.from(Buffer.from(random.bytes(24)).toString('hex')),
      );
      if (!made.ok) return err([{ ...made.error, state: 'nothing was changed' }]);
    }
  }
  return ok(undefined);
};

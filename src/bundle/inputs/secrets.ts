import type { DroverError } from '../../core/error.js';
import type { KubeObject } from '../../core/ports/kube.js';
import { err, ok, partition, type Result } from '../../core/result.js';
import type { MigrationSpec } from '../../spec/schema/migration.js';
import { isMap } from '../clean/draft.js';
import { type EnvFile, unreadableVariable } from './env-file.js';

type Environment = Readonly<Record<string, string | undefined>>;
type SecretsSpec = MigrationSpec['secrets'];

/** Where values come from; the environment wins over the file. */
export interface Values {
  readonly env: Environment;
  readonly file: EnvFile | undefined;
}

const valueOf = (name: string, neededFor: string, { env, file }: Values): Result<string, DroverError> => {
  const own = env[name];
  if (own !== undefined && own !== '') return ok(own);
  const variable = file?.variables.get(name);
  if (variable?.kind === 'unreadable') return err(unreadableVariable(name, variable));
  if (variable !== undefined && variable.value !== '') return ok(variable.value);
  return err({
    code: 'secret-input',
    message: `${name} has no value; ${neededFor} needs it`,
    state: 'nothing was done',
    hint: `set ${name} in the environment or in the file of spec.secrets.env`,
  });
};

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const secret = (
  namespace: string,
  name: string,
  type: string,
  data: Readonly<Record<string, string>>,
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  type,
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});

const ofRegistry = (
  registry: SecretsSpec['registries'][number],
  values: Values,
): Result<readonly KubeObject[], DroverError> => {
  const { server, username, secret: name } = registry;
  const password = valueOf(registry.password, `the pull secret ${name} for ${server}`, values);
  if (!password.ok) return password;
  const auth = { username, password: password.value, auth: base64(`${username}:${password.value}`) };
  const config = JSON.stringify({ auths: { [server]: auth } });
  return ok(
    registry.namespaces.map((namespace) =>
      secret(namespace, name, 'kubernetes.io/dockerconfigjson', { '.dockerconfigjson': config }),
    ),
  );
};

const ofProvider = (
  dns: SecretsSpec['dns'][number],
  values: Values,
): Result<readonly KubeObject[], readonly DroverError[]> => {
  const read = Object.entries(dns.keys).map(
    ([key, variable]): Result<readonly [string, string], DroverError> => {
      const value = valueOf(variable, `the Secret ${dns.secret} for ${dns.provider}`, values);
      return value.ok ? ok([key, value.value]) : value;
    },
  );
  const { values: pairs, errors } = partition(read);
  return errors.length > 0
    ? err(errors)
    : ok([secret(dns.namespace, dns.secret, 'Opaque', Object.fromEntries(pairs))]);
};

/** Secrets that the spec makes from the outside: pull secrets of registries, credentials of DNS providers. In memory only. */
export const inputSecrets = (
  spec: SecretsSpec,
  values: Values,
): Result<readonly KubeObject[], readonly DroverError[]> => {
  const registries = partition(spec.registries.map((registry) => ofRegistry(registry, values)));
  const providers = partition(spec.dns.map((dns) => ofProvider(dns, values)));
  const errors = [...registries.errors, ...providers.errors.flat()];
  return errors.length > 0 ? err(errors) : ok([...registries.values.flat(), ...providers.values.flat()]);
};

/** Values that the spec requires and that no Secret of these has. */
export const missingRequired = (spec: SecretsSpec, secrets: readonly KubeObject[]): readonly DroverError[] =>
  spec.required
    .filter(
      ({ namespace, secret: name, key }) =>
        !secrets.some(
          ({ metadata, data }) =>
            metadata.namespace === namespace &&
            metadata.name === name &&
            isMap(data) &&
            typeof data[key] === 'string' &&
            data[key] !== '',
        ),
    )
    .map(({ namespace, secret: name, key }) => ({
      code: 'secret-input',
      message: `${namespace}/${name} has no value for ${key}, which the spec requires`,
      state: 'nothing was done',
      hint: `drover secrets edit BUNDLE ${namespace}/${name} ${key}`,
    }));

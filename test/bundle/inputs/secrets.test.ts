import { describe, expect, it } from 'vitest';
import { parseEnvFile } from '../../../src/bundle/inputs/env-file.js';
import { inputSecrets, missingRequired } from '../../../src/bundle/inputs/secrets.js';
import { migrationSchema } from '../../../src/spec/schema/migration.js';
import { secret } from '../support/objects.js';

const spec = migrationSchema.parse({
  apiVersion: 'drover/v1',
  kind: 'Migration',
  metadata: { name: 'm' },
  spec: {
    secrets: {
      registries: [
        { server: 'rg.example.com', secret: 'pull', namespaces: ['shop', 'blog'], password: 'REGISTRY_KEY' },
      ],
      dns: [
        {
          provider: 'scaleway',
          secret: 'dns',
          namespace: 'external-dns',
          keys: { 'access-key': 'DNS_ID', 'secret-key': 'DNS_KEY' },
        },
      ],
      required: [{ namespace: 'shop', secret: 'db', key: 'password' }],
    },
  },
}).spec.secrets;
const file = parseEnvFile('.envrc', 'REGISTRY_KEY=from-file\nDNS_ID=id\n');
const text = (value: unknown) => Buffer.from(String(value), 'base64').toString();

describe('secrets from outside', () => {
  it('become pull secrets and credentials of DNS providers; the environment wins over the file', () => {
    const made = inputSecrets(spec, { env: { REGISTRY_KEY: 'from-env', DNS_KEY: 'k' }, file });
    if (!made.ok) throw new Error('expected secrets');
    expect(made.value.map(({ metadata, type }) => [metadata.namespace, metadata.name, type])).toEqual([
      ['shop', 'pull', 'kubernetes.io/dockerconfigjson'],
      ['blog', 'pull', 'kubernetes.io/dockerconfigjson'],
      ['external-dns', 'dns', 'Opaque'],
    ]);
    const [pull, , dns] = made.value.map(({ data }) => data as Record<string, string>);
    expect(JSON.parse(text(pull?.['.dockerconfigjson']))).toEqual({
      auths: {
        'rg.example.com': {
          username: 'nologin',
          password: 'from-env',
          auth: Buffer.from('nologin:from-env').toString('base64'),
        },
      },
    });
    expect([text(dns?.['access-key']), text(dns?.['secret-key'])]).toEqual(['id', 'k']);
  });

  it('that have no value are all named, with what needs them', () => {
    const made = inputSecrets(spec, { env: {}, file: parseEnvFile('.envrc', 'DNS_ID=$(x)') });
    expect(made).toMatchObject({
      ok: false,
      error: [
        {
          code: 'secret-input',
          message: 'REGISTRY_KEY has no value; the pull secret pull for rg.example.com needs it',
        },
        { code: 'env-file', location: { line: 1 } },
        { code: 'secret-input', message: 'DNS_KEY has no value; the Secret dns for scaleway needs it' },
      ],
    });
  });

  it('that the spec requires must exist', () => {
    expect(missingRequired(spec, [secret('db', { password: 'x' })])).toEqual([]);
    expect(missingRequired(spec, [secret('db', { password: '' })])).toMatchObject([
      { message: 'shop/db has no value for password, which the spec requires' },
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noHardCodedAddresses } from '../../../src/diagnosis/policy/rules/no-hard-coded-addresses.js';
import { valueAt } from '../../../src/spec/path.js';
import { vaultRole } from '../../../src/spec/vault.js';
import { applicationSets, namespaceSets } from '../../../src/steps/apps/render.js';
import { withoutVault } from '../../../src/steps/apps/stand-in.js';
import { reviewerSet } from '../../../src/steps/vault/reviewer-set.js';
import { setupScript } from '../../../src/steps/vault/setup-script.js';
import { app, inputOf, keybuzz, kindOf, named } from '../apps/rig.js';

const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const FILES = [
  {
    name: 'db.env',
    env: { DB_USER: { path: 'shop/db', key: 'user' }, DB_PASSWORD: { path: 'shop/db', key: 'password' } },
  },
  { name: 'license.pem', value: { path: 'shop/license', key: 'pem' } },
];
const API = app('api', { vault: { files: FILES } });
const VAULT = { address: 'https://10.0.0.150:8200', ca: CA, agent: { refresh: '30s' } };
const LAB = { standIn: 'docker.io/drover/standin:1', vault: 'docker.io/drover/vault:1', absent: [] };
const POD = ['spec', 'template', 'spec'] as const;

const rendered = (spec: Record<string, unknown>, more: Parameters<typeof inputOf>[1] = {}) => {
  const set = named(applicationSets(inputOf(spec, more)), 'application/shop/api');
  const [deployment] = kindOf(set, 'Deployment');
  const [config] = kindOf(set, 'ConfigMap');
  return { set, deployment, config: (config?.['data'] ?? {}) as Readonly<Record<string, string>> };
};

describe('Vault’s agent in the pods of an application', () => {
  const { deployment, config } = rendered({ vault: VAULT, applications: [API] });

  it('fills the files before anything starts, and keeps them fresh', () => {
    expect(config['config-init.hcl']).toMatchSnapshot();
    expect(config['config.hcl']).toMatchSnapshot();
    expect(config['ca.pem']).toBe(CA);
    expect(valueAt(deployment, [...POD, 'initContainers'])).toMatchSnapshot();
  });

  it('alone has a token, for Vault alone; the application has the files', () => {
    expect(valueAt(deployment, [...POD, 'automountServiceAccountToken'])).toBe(false);
    expect(valueAt(deployment, [...POD, 'volumes'])).toMatchSnapshot();
    expect(valueAt(deployment, [...POD, 'containers', 0, 'volumeMounts'])).toEqual([
      { name: 'vault-secrets', mountPath: '/vault/secrets', readOnly: true },
    ]);
  });

  it('starts pods anew when its configuration changes, and only then', () => {
    const annotation = (spec: Record<string, unknown>) =>
      valueAt(rendered(spec).deployment, [
        'spec',
        'template',
        'metadata',
        'annotations',
        'drover.dev/vault-config',
      ]);
    const now = annotation({ vault: VAULT, applications: [API] });
    expect(annotation({ vault: VAULT, applications: [{ ...API, replicas: 5 }] })).toBe(now);
    expect(annotation({ vault: { ...VAULT, mount: 'kv' }, applications: [API] })).not.toBe(now);
  });

  it('is left to the injector where the spec says so: annotations, the same configuration, and the token', () => {
    const spec = { vault: { ...VAULT, agent: { by: 'injector' } }, applications: [API] };
    const injected = rendered(spec);
    expect(valueAt(injected.deployment, ['spec', 'template', 'metadata', 'annotations'])).toMatchObject({
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/agent-configmap': 'api-vault-agent',
    });
    expect(valueAt(injected.deployment, [...POD, 'initContainers'])).toBeUndefined();
    expect(valueAt(injected.deployment, [...POD, 'volumes'])).toHaveLength(1);
    expect(Object.keys(injected.config)).toEqual(['config-init.hcl', 'config.hcl', 'ca.pem']);
  });

  it('breaks no rule of the policy by the address that the spec names', () => {
    const { set } = rendered({ vault: VAULT, applications: [API] });
    const issues = set.objects.flatMap((object) => noHardCodedAddresses.check(object));
    expect(issues).toEqual([]);
  });

  it('lets pods call Vault, and those without secrets from it not', () => {
    const set = applicationSets(inputOf({ vault: VAULT, applications: [API, app('web')] }));
    const egress = (name: string) =>
      valueAt(kindOf(named(set, name), 'NetworkPolicy')[0], ['spec', 'egress']);
    const rule = { to: [{ ipBlock: { cidr: '10.0.0.150/32' } }], ports: [{ port: 8200, protocol: 'TCP' }] };
    expect(egress('application/shop/api')).toContainEqual(rule);
    expect(egress('application/shop/web')).not.toContainEqual(rule);
  });

  it('quotes whatever stands in paths and keys of the spec, so that no stanza ends early', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9_.-]+$/);
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]*$/),
        (parts, key) => {
          const path = parts.join('/');
          const files = [{ name: 'a', value: { path, key } }];
          const text =
            rendered({ vault: VAULT, applications: [app('api', { vault: { files } })] }).config[
              'config.hcl'
            ] ?? '';
          const contents = [...text.matchAll(/^ {2}contents = (".*")$/gm)].map(
            ([, quoted]) => JSON.parse(quoted ?? '') as string,
          );
          expect(contents[0]).toBe(`{{ with secret "secret/data/${path}" }}{{ .Data.data.${key} }}{{ end }}`);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('Vault in a lab', () => {
  const hosts = { vault: { ...VAULT, address: 'https://10.99.0.11:8200' } };

  it('has the lab’s own program as agent, and a stand-in that waits for the files', () => {
    const { deployment } = rendered({ ...hosts, applications: [API] }, { lab: LAB });
    expect(valueAt(deployment, [...POD, 'initContainers', 0, 'image'])).toBe(LAB.vault);
    expect(valueAt(deployment, [...POD, 'containers', 0, 'env'])).toContainEqual({
      name: 'STANDIN_FILES',
      value: '/vault/secrets/db.env,/vault/secrets/license.pem',
    });
  });

  it('is left out where the lab has no host for it, and whoever misses it is named', () => {
    const input = { cluster: keybuzz, nodes: [], lab: { ...LAB, absent: ['vault-01'] } };
    expect(withoutVault(input)).toEqual(['keybuzz-api']);
    const set = named(applicationSets(input), 'application/keybuzz/keybuzz-api');
    expect(valueAt(kindOf(set, 'Deployment')[0], [...POD, 'initContainers'])).toBeUndefined();
    expect(kindOf(set, 'ConfigMap')).toEqual([]);
  });
});

describe('what Vault must be told', () => {
  const { cluster } = inputOf({
    vault: VAULT,
    applications: [
      API,
      app('web', { vault: { role: 'shared', files: FILES.slice(1) } }),
      app('job', { vault: { role: 'shared', files: FILES.slice(1) } }),
      app('off', { enabled: false, vault: { files: FILES } }),
    ],
  });

  it('is a policy for exactly the secrets of each application, and a role for its service account', () => {
    const { vault } = cluster.spec;
    if (vault === undefined) throw new Error('no vault');
    expect(setupScript(cluster, vault)).toMatchSnapshot();
  });

  it('names a role for each application of its own', () => {
    const [first] = cluster.spec.applications;
    expect(vaultRole('demo', first as never)).toBe('demo-shop-api');
  });

  it('comes with a reviewer that may review tokens and nothing else, and whose Secret is empty', () => {
    expect(reviewerSet(cluster)?.objects).toMatchSnapshot();
    expect(namespaceSets({ cluster }).map(({ name }) => name)).toContain('namespace/vault');
    expect(reviewerSet(inputOf({}).cluster)).toBeUndefined();
  });
});

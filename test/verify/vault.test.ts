import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/ports/clock.js';
import type { Kube, KubeObject } from '../../src/core/ports/kube.js';
import { err, ok } from '../../src/core/result.js';
import { checkReviewer, checkVaultSecrets } from '../../src/verify/vault.js';
import { app, inputOf } from '../steps/apps/rig.js';

const { signal } = new AbortController();
const VAULT = { address: 'https://10.0.0.150:8200', agent: { refresh: '3s' } };
const FILES = [{ name: 'a', value: { path: 'shop/db', key: 'password' } }];
const { cluster } = inputOf({ vault: VAULT, applications: [app('api', { vault: { files: FILES } })] });

interface World {
  /** Absent = there is no agent; `false` = it is still at work. */
  readonly filled?: boolean;
  readonly log?: string;
  readonly versions?: string;
  /** What Vault answers, one after the other; a text is an error. */
  readonly vault?: readonly (number | string)[];
  readonly pods?: number;
}

const podOf = ({ filled }: World): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'api-1', namespace: 'shop' },
  spec: {
    nodeName: 'agent-1',
    ...(filled === undefined
      ? {}
      : { initContainers: [{ name: 'vault-agent-init' }, { name: 'vault-agent' }] }),
  },
  status: {
    initContainerStatuses:
      filled === undefined
        ? []
        : [
            {
              name: 'vault-agent-init',
              state: filled ? { terminated: { reason: 'Completed' } } : { running: {} },
            },
            { name: 'vault-agent', state: filled ? { running: {} } : { waiting: {} } },
          ],
  },
});

/** Time passes only while somebody waits. */
const passing = (): Clock => {
  let now = 0;
  return {
    now: () => now,
    monotonic: () => now,
    delay: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
  };
};

const asked: string[][] = [];

const kubeOf = (world: World): Pick<Kube, 'get' | 'list' | 'create' | 'exec' | 'logs'> => {
  const answers = [...(world.vault ?? [])];
  const said = (status: number, stdout: string, stderr = '') =>
    Promise.resolve(ok({ status, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) }));
  return {
    list: async function* () {
      await Promise.resolve();
      yield ok({ items: Array.from({ length: world.pods ?? 1 }, () => podOf(world)), resourceVersion: '1' });
    },
    get: () => Promise.resolve(ok(podOf(world))),
    create: () => Promise.reject(new Error('nothing is made')),
    logs: () => Promise.resolve(ok(world.log ?? '')),
    exec: (_pod, command) => {
      asked.push([...command]);
      if (command[0] === 'cat') return said(0, world.versions ?? '');
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return typeof answer === 'number' ? said(0, String(answer)) : said(2, '', answer);
    },
  };
};

const look = async (world: World) => {
  const patience = { clock: passing(), limitMs: 60_000, signal };
  const results = await checkVaultSecrets({ kube: kubeOf(world), cluster, patience });
  return results.map(({ node, to, status, detail }) => [node, to, status, detail]);
};

describe('secrets from Vault in pods', () => {
  it('are proven by their version, which the agent asks Vault for with its own login', async () => {
    expect(await look({ filled: true, versions: '4 shop/db\n', vault: [4] })).toEqual([
      ['agent-1', 'shop/api', 'pass', 'version 4 of shop/db'],
    ]);
    expect(asked.at(-1)).toEqual([
      'vault',
      'read',
      '-address=https://10.0.0.150:8200',
      '-field=current_version',
      'secret/metadata/shop/db',
    ]);
  });

  it('that are on their way are waited for, but no longer than the agent takes', async () => {
    expect(await look({ filled: true, versions: '4 shop/db\n', vault: [5, 4] })).toEqual([
      ['agent-1', 'shop/api', 'pass', 'version 4 of shop/db'],
    ]);
    expect(await look({ filled: true, versions: '4 shop/db\n', vault: [5] })).toEqual([
      ['agent-1', 'shop/api', 'fail', 'version 4 of shop/db, Vault has version 5'],
    ]);
  });

  it.each([
    ['Error reading secret/metadata/shop/db: Code: 503. Errors:\n\n* Vault is sealed', 'Vault is sealed'],
    ['Error reading: Code: 403. Errors:\n\n* permission denied', 'permission denied'],
    ['dial tcp 10.0.0.150:8200: connect: connection refused', 'connection refused'],
  ])('stay as they are when Vault cannot be asked: %s', async (error, why) => {
    expect(await look({ filled: true, versions: '4 shop/db\n', vault: [error] })).toEqual([
      ['agent-1', 'shop/api', 'fail', `it keeps version 4 of shop/db; Vault: ${why}`],
    ]);
  });

  it('name the path that a pod waits for, or the role that it cannot log in with', async () => {
    const absent = 'vault.read(secret/data/shop/db): no secret exists at secret/data/shop/db';
    expect(await look({ filled: false, log: absent })).toEqual([
      ['agent-1', 'shop/api', 'fail', 'it waits for secret/data/shop/db: there is no such secret'],
    ]);
    const login = 'error authenticating: error="Code: 403. Errors: * permission denied"';
    expect(await look({ filled: false, log: login })).toEqual([
      [
        'agent-1',
        'shop/api',
        'fail',
        'it waits for secret/shop/db: it cannot log in with the role demo-shop-api: permission denied',
      ],
    ]);
  });

  it('are waited for as long as the agent has said nothing', async () => {
    expect(await look({ filled: false, log: 'agent.auth.handler: authenticating' })).toEqual([
      ['agent-1', 'shop/api', 'fail', 'it waits for secret/shop/db'],
    ]);
  });

  it('cannot be there without an agent, or without pods', async () => {
    expect(await look({})).toEqual([
      ['agent-1', 'shop/api', 'fail', 'it has no agent: the injector has not put one into it'],
    ]);
    expect(await look({ pods: 0 })).toEqual([
      [undefined, 'shop/api', 'fail', 'it has no pods; it waits for 1 secret'],
    ]);
  });
});

describe('the reviewer of Vault', () => {
  const review = async (answer: Awaited<ReturnType<Kube['create']>>) => {
    const made: KubeObject[] = [];
    const kube = {
      ...kubeOf({}),
      create: (_ref: unknown, object: KubeObject) => {
        made.push(object);
        return Promise.resolve(answer);
      },
    };
    const results = await checkReviewer({
      kube,
      cluster,
      patience: { clock: passing(), limitMs: 1, signal },
    });
    return { made, results: results.map(({ to, status, detail }) => [to, status, detail]) };
  };
  const answered = (allowed: boolean): KubeObject => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: { name: '' },
    status: { allowed },
  });

  it('is one whom the API lets create TokenReviews', async () => {
    const { made, results } = await review(ok(answered(true)));
    expect(made[0]?.['spec']).toMatchObject({ user: 'system:serviceaccount:vault:vault-reviewer' });
    expect(results).toEqual([['vault/vault-reviewer', 'pass', 'it may create TokenReviews']]);
  });

  it('fails without that right, and when the API does not say', async () => {
    expect((await review(ok(answered(false)))).results).toEqual([
      ['vault/vault-reviewer', 'fail', 'it may not create TokenReviews: no pod can log in'],
    ]);
    const refused = { kind: 'forbidden', message: 'no', causes: [] } as const;
    expect((await review(err(refused))).results).toEqual([['vault/vault-reviewer', 'fail', 'no']]);
  });
});

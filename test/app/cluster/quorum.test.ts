import { describe, expect, it } from 'vitest';
import type { KubeAccess } from '../../../src/app/cluster/kube-access.js';
import { quorumGate } from '../../../src/app/cluster/quorum.js';
import type { ClusterTools } from '../../../src/app/cluster/tools.js';
import type { Kube, KubeObject } from '../../../src/core/ports/kube.js';
import { err, ok } from '../../../src/core/result.js';
import type { Action } from '../../../src/plan/model.js';

interface Scene {
  /** Servers with a vote, by name: whether they are Ready. Undefined = no API answers. */
  readonly voters?: Readonly<Record<string, boolean>>;
  readonly learner?: string;
  /** Hosts whose K3s stands still although they have a member's data. */
  readonly still?: readonly string[];
  /** No host has a kubeconfig. */
  readonly bare?: boolean;
  readonly interruption?: string;
}

const condition = (type: string, holds: boolean) => ({ type, status: holds ? 'True' : 'False' });

const node = (name: string, ready: boolean, votes: boolean): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'node-role.kubernetes.io/etcd': 'true' } },
  status: { conditions: [condition('Ready', ready), condition('EtcdIsVoter', votes)] },
});

const gateOf = ({ voters, learner, still = [], bare = false }: Scene) => {
  const nodes = [
    ...Object.entries(voters ?? {}).map(([name, ready]) => node(name, ready, true)),
    ...(learner === undefined ? [] : [node(learner, false, false)]),
  ];
  const kube = {
    async *list() {
      yield await Promise.resolve(ok({ items: nodes, resourceVersion: '1' }));
    },
  } as unknown as Kube;
  const access: KubeAccess = {
    open: () =>
      Promise.resolve(
        voters === undefined
          ? err({ class: 'transient', code: 'kube-unreachable', message: 'none is ready' })
          : ok(kube),
      ),
    close: () => undefined,
  };
  const answer = (status: number) =>
    ok({
      status,
      stdout: Buffer.from('server: https://127.0.0.1:6443'),
      stderr: Buffer.from(''),
      durationMs: 1,
    });
  const transport = {
    run: ({ name }: { readonly name: string }, { title }: { readonly title: string }) =>
      Promise.resolve(answer(title.includes('kubeconfig') ? Number(bare) : Number(!still.includes(name)))),
  };
  const tools = { transport, soft: new AbortController().signal } as unknown as ClusterTools;
  const servers = ['s1', 's2', 's3'].map((name) => ({ name, address: name }));
  return quorumGate({ servers, access, consented: false }, tools);
};

/** Why s1 may not be touched now; `go` = it may. */
const judged = async (scene: Scene): Promise<string> => {
  const expected = {
    seconds: 1,
    ...(scene.interruption === undefined ? {} : { interruption: scene.interruption }),
  };
  const refusal = await gateOf(scene)({ id: 'k3s.server/s1', host: 's1', expected } as Action);
  return refusal === undefined ? 'go' : `${refusal.class} ${refusal.code}`;
};

describe('the gate before a disruptive action', () => {
  it.each<[string, Scene, string]>([
    ['all of three voters are healthy', { voters: { s1: true, s2: true, s3: true } }, 'go'],
    ['another voter is away', { voters: { s1: true, s2: true, s3: false } }, 'transient quorum-unsafe'],
    [
      'a learner waits',
      { voters: { s1: true, s2: true, s3: true }, learner: 's4' },
      'transient quorum-unsafe',
    ],
    ['two voters are all', { voters: { s1: true, s2: true } }, 'person quorum-unsafe'],
    ['one voter is all', { voters: { s1: true } }, 'person quorum-unsafe'],
    [
      'one voter is all, and the plan announced what that interrupts',
      { voters: { s1: true }, interruption: 'the API' },
      'go',
    ],
    [
      'the plan announced an interruption, but the majority is at stake',
      { voters: { s1: true, s2: true, s3: false }, interruption: 'the API' },
      'transient quorum-unsafe',
    ],
    ['the host stands still anyway', { voters: { s1: false, s2: true }, still: ['s1'] }, 'go'],
    ['nothing was built yet', { bare: true }, 'go'],
    ['no API answers', {}, 'transient quorum-unsafe'],
    ['no API answers, because the host itself stands still', { still: ['s1'] }, 'go'],
  ])('%s', async (_what, scene, expected) => {
    expect(await judged(scene)).toBe(expected);
  });
});

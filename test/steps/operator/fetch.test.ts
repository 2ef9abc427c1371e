import { describe, expect, it } from 'vitest';
import { ok } from '../../../src/core/result.js';
import { k3sBinary } from '../../../src/steps/k3s/binary.js';
import type { Artifact } from '../../../src/steps/operator/artifact.js';
import { operatorFetch } from '../../../src/steps/operator/fetch.js';
import type { ApplyContext, VerifyContext, World } from '../../../src/steps/step.js';
import { noOperator } from '../../support/no-operator.js';

const ARTIFACT: Artifact = {
  version: 'v1.36.4+k3s1',
  arch: 'amd64',
  sha256: 'a'.repeat(64),
  source: { kind: 'url', url: 'https://mirror.example/k3s' },
};

/** A cache, and what was asked of it. */
const cache = (...kept: readonly string[]) => {
  const digests = new Set(kept);
  const operator = {
    ...noOperator,
    fetch: ({ sha256 }: Artifact) => {
      digests.add(sha256);
      return Promise.resolve(ok('/cache/k3s'));
    },
    artifactDigest: (sha256: string) => Promise.resolve(digests.has(sha256) ? sha256 : undefined),
    dropArtifact: (sha256: string) => {
      digests.delete(sha256);
      return Promise.resolve();
    },
  };
  const context = { operator, progress: () => undefined } as unknown as ApplyContext & VerifyContext;
  const state = () => {
    const world: World = { hosts: new Map(), operator: { artifacts: [...digests], secrets: [] } };
    return operatorFetch.observe(world, { hosts: [] }, ARTIFACT);
  };
  return { digests, context, state, changes: () => operatorFetch.diff(state(), ARTIFACT) };
};

describe('operator.fetch', () => {
  it('is an action of the plan until the program is there, and leaves nothing when taken back', async () => {
    const { context, state, changes, digests } = cache('b'.repeat(64));
    const before = state();
    expect(changes()).toEqual([
      { kind: 'add', what: 'sha256:aaaaaaaaaaaa', after: 'from https://mirror.example/k3s' },
    ]);
    expect((await operatorFetch.apply(context, ARTIFACT, before)).ok).toBe(true);
    expect(changes()).toEqual([]);
    expect((await operatorFetch.verify(context, ARTIFACT)).ok).toBe(true);
    await operatorFetch.revert?.(context, ARTIFACT, before);
    expect([...digests]).toEqual(['b'.repeat(64)]);
    expect(await operatorFetch.verify(context, ARTIFACT)).toMatchObject({
      error: { code: 'artifact-not-kept', cause: 'it is gone' },
    });
  });

  it('keeps what was there before', async () => {
    const { context, state, digests } = cache(ARTIFACT.sha256);
    await operatorFetch.revert?.(context, ARTIFACT, state());
    expect([...digests]).toEqual([ARTIFACT.sha256]);
  });
});

describe('k3s.binary before its program was fetched', () => {
  const params = { ...ARTIFACT, role: 'server', sampled: null } as const;
  const state = {
    digest: 'sampled:x',
    version: ARTIFACT.version,
    running: false,
    links: ['kubectl', 'crictl', 'ctr'],
  };
  const changes = (part: object) =>
    k3sBinary
      .diff({ ...state, scripts: {}, ...part }, params)
      .filter(({ what }) => what === '/usr/local/bin/k3s');

  it('goes by the version that a host answers', () => {
    expect(changes({})).toEqual([]);
    expect(changes({ version: 'v1.35.6+k3s1' })).toMatchObject([{ kind: 'replace' }]);
    expect(changes({ digest: null, version: null })).toMatchObject([{ kind: 'add' }]);
  });

  it('goes by the bytes once they are known', () => {
    const known = { ...params, sampled: 'sampled:y' };
    expect(k3sBinary.diff({ ...state, scripts: {} }, known)[0]).toMatchObject({ kind: 'replace' });
  });
});

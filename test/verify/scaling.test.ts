import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/ports/kube.js';
import { err, ok } from '../../src/core/result.js';
import { checkScaling } from '../../src/verify/scaling.js';
import { fakeKube, missing } from './fake-kube.js';

const autoscaler = (...conditions: readonly object[]): KubeObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'api' },
  status: { conditions },
});
const able = { type: 'AbleToScale', status: 'True', reason: 'ReadyForNewScale', message: 'ready' };
const active = { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message: 'found' };
const blind = {
  type: 'ScalingActive',
  status: 'False',
  reason: 'FailedGetResourceMetric',
  message: 'unable to fetch metrics from resource metrics API',
};

/** What is said of an application whose autoscaler shows these, look after look. */
const said = async (...looks: readonly (KubeObject | undefined)[]): Promise<string> => {
  let now = 0;
  const clock = { now: () => 0, monotonic: () => (now += 9_000), delay: () => Promise.resolve() };
  const rest = [...looks];
  const get = () => {
    const seen = rest.length > 1 ? rest.shift() : rest[0];
    return Promise.resolve(seen === undefined ? err(missing) : ok(seen));
  };
  const applications = [{ namespace: 'shop', name: 'api' }];
  const { signal } = new AbortController();
  const results = await checkScaling({ kube: fakeKube({ get }), applications, clock, signal });
  return results.map(({ node, status, detail }) => `${node ?? ''}: ${status}, ${detail}`).join();
};

it('passes an autoscaler that has its figures, late ones too', async () => {
  expect(await said(autoscaler(able, active))).toBe('shop/api: pass, the autoscaler has its figures');
  expect(await said(autoscaler(), autoscaler(able, blind), autoscaler(able, active))).toContain('pass');
});

it('fails one that gets no metrics, in its own words, and one that is not there', async () => {
  expect(await said(autoscaler(able, blind))).toBe(
    'shop/api: fail, FailedGetResourceMetric: unable to fetch metrics from resource metrics API',
  );
  expect(await said(undefined)).toBe('shop/api: fail, not found');
});

import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../../src/diagnosis/policy/check-policy.js';
import { readManifests } from '../../../src/diagnosis/policy/manifests.js';
import { policySchema } from '../../../src/spec/schema/policy.js';

const TODAY = '2026-11-21';

const service = (name: string, namespace: string, more = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace}${more} }\nspec: { type: NodePort }\n`;

const judged = (text: string, policy: object = {}) =>
  checkPolicy(readManifests('a.yaml', text).objects, policySchema.parse(policy), TODAY);

const exception = (part: object) => ({
  exceptions: [{ rule: 'no-node-port', reason: 'a game speaks UDP here', until: '2026-12-31', ...part }],
});

describe('checkPolicy', () => {
  it('warns by default and names the object, the path and the place', () => {
    expect(judged(service('web', 'shop'))).toMatchObject([
      {
        rule: 'no-node-port',
        severity: 'warning',
        object: 'shop/Service/web',
        path: 'spec.type',
        location: { file: 'a.yaml', line: 4, column: 15, text: 'spec: { type: NodePort }' },
      },
    ]);
  });

  it('makes errors of what is enforced and nothing of what is off', () => {
    expect(judged(service('web', 'shop'), { rules: { 'no-node-port': 'enforce' } })).toMatchObject([
      { severity: 'error' },
    ]);
    expect(judged(service('web', 'shop'), { rules: { 'no-node-port': 'off' } })).toEqual([]);
  });

  it('leaves the platform alone, and what something else made', () => {
    const owned = ', ownerReferences: [{ controller: true }]';
    expect(judged(service('dns', 'kube-system'))).toEqual([]);
    expect(judged(service('x', 'calico-apiserver'))).toEqual([]);
    expect(judged(service('x', 'shop', owned))).toEqual([]);
    expect(judged(service('dns', 'kube-system'), { platformNamespaces: ['infra'] })).toHaveLength(1);
    expect(judged(service('x', 'infra'), { platformNamespaces: ['infra'] })).toEqual([]);
  });

  it('accepts what an exception names, until its last day', () => {
    const accepted = { accepted: { reason: 'a game speaks UDP here', until: '2026-12-31' } };
    expect(judged(service('web', 'shop'), exception({}))).toMatchObject([accepted]);
    expect(judged(service('web', 'shop'), exception({ resources: ['shop/service/web'] }))).toMatchObject([
      accepted,
    ]);
    expect(judged(service('web', 'shop'), exception({ resources: ['shop/*'] }))).toMatchObject([accepted]);
    for (const part of [
      { resources: ['shop/service/other'] },
      { until: '2026-11-20' },
      { rule: 'no-host-port' },
    ])
      expect(judged(service('web', 'shop'), exception(part))[0]?.accepted).toBeUndefined();
  });
});

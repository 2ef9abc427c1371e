import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { policyRules } from '../../../src/diagnosis/policy/rules/index.js';
import { formatPath } from '../../../src/spec/path.js';
import { type PolicyRuleCode, policySchema } from '../../../src/spec/schema/policy.js';

const HEALTHY = {
  name: 'web',
  image: 'registry.shop:5000/web:1.4.2',
  readinessProbe: { httpGet: { port: 8080 } },
  livenessProbe: { httpGet: { port: 8080 } },
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
};

const workload = (kind: string, container: object, pod: object = {}): KubeObject => {
  const template = { spec: { containers: [{ ...HEALTHY, ...container }], ...pod } };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', namespace: 'shop' },
    spec: kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template },
  };
};

const plain = (kind: string, more: object): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'it', namespace: 'shop' },
  ...more,
});

const found = (code: PolicyRuleCode, object: KubeObject): readonly string[] =>
  (policyRules.find((rule) => rule.code === code)?.check(object) ?? []).map(
    ({ path, text }) => `${formatPath(path)}: ${text}`,
  );

interface Sample {
  readonly rule: PolicyRuleCode;
  readonly breaks: readonly (readonly [KubeObject, readonly string[]])[];
  readonly keeps: readonly KubeObject[];
}

const POD = 'spec.template.spec';
const samples: readonly Sample[] = [
  {
    rule: 'no-host-network',
    breaks: [
      [
        workload('Deployment', {}, { hostNetwork: true }),
        [`${POD}.hostNetwork: uses the network of the node`],
      ],
      [
        workload('CronJob', {}, { hostNetwork: true }),
        ['spec.jobTemplate.spec.template.spec.hostNetwork: uses the network of the node'],
      ],
    ],
    keeps: [workload('Deployment', {}), workload('Deployment', {}, { hostNetwork: false })],
  },
  {
    rule: 'no-host-port',
    breaks: [
      [
        workload('Deployment', { ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 8080 }] }),
        [`${POD}.containers[0].ports[1].hostPort: container web takes port 8080 of the node`],
      ],
    ],
    keeps: [workload('Deployment', { ports: [{ containerPort: 80, hostPort: 0 }] })],
  },
  {
    rule: 'no-node-port',
    breaks: [[plain('Service', { spec: { type: 'NodePort' } }), ['spec.type: opens a port on every node']]],
    keeps: [plain('Service', { spec: { type: 'ClusterIP' } }), plain('Service', {})],
  },
  {
    rule: 'no-daemonset-apps',
    breaks: [[workload('DaemonSet', {}), ['kind: runs on every node instead of being scaled']]],
    keeps: [workload('StatefulSet', {})],
  },
  {
    rule: 'no-hard-coded-addresses',
    breaks: [
      [
        workload('Deployment', {
          env: [{ name: 'DB', value: 'postgres://10.0.0.120:5432/shop' }],
          args: ['--redis', '10.0.0.123'],
        }),
        [
          `${POD}.containers[0].env[0].value: variable DB holds the address 10.0.0.120`,
          `${POD}.containers[0].args[1]: args holds the address 10.0.0.123`,
        ],
      ],
      [
        plain('ConfigMap', { data: { ini: 'a = 10.0.0.1\nb = 10.0.0.2\n' } }),
        ['data.ini: key ini holds the address 10.0.0.1', 'data.ini: key ini holds the address 10.0.0.2'],
      ],
    ],
    keeps: [
      workload('Deployment', {
        env: [
          { name: 'NO_PROXY', value: '10.0.0.1' },
          { name: 'BIND', value: '0.0.0.0:8080' },
          { name: 'FROM', valueFrom: {} },
        ],
      }),
      plain('ConfigMap', { data: { ini: 'range 10.42.0.0/16, version 1.2.3.4.5' } }),
      plain('ConfigMap', {}),
    ],
  },
  {
    rule: 'no-stateful-services',
    breaks: [
      [
        workload('StatefulSet', { image: 'docker.io/bitnami/postgresql:16@sha256:abc' }),
        [`${POD}.containers[0].image: container web is PostgreSQL`],
      ],
      [workload('Deployment', { image: 'redis' }), [`${POD}.containers[0].image: container web is Redis`]],
    ],
    keeps: [
      workload('Deployment', { image: 'shop/redis-exporter:1' }),
      workload('Deployment', {}, { initContainers: [{ name: 'wait', image: 'postgres:16' }] }),
    ],
  },
  {
    rule: 'require-probes',
    breaks: [
      [
        workload('Deployment', { readinessProbe: undefined, livenessProbe: undefined }),
        [`${POD}.containers[0]: container web has no readinessProbe and no livenessProbe`],
      ],
      [
        workload('Deployment', { livenessProbe: undefined }),
        [`${POD}.containers[0]: container web has no livenessProbe`],
      ],
    ],
    keeps: [
      workload('Deployment', {}),
      workload('CronJob', { readinessProbe: undefined, livenessProbe: undefined }),
      workload('Deployment', {}, { initContainers: [{ name: 'wait' }] }),
    ],
  },
  {
    rule: 'require-limits',
    breaks: [
      [
        workload('CronJob', { resources: { requests: { memory: '1Gi' } } }),
        [
          'spec.jobTemplate.spec.template.spec.containers[0]: container web has no resources.requests.cpu, resources.limits.memory',
        ],
      ],
    ],
    keeps: [workload('Deployment', {})],
  },
  {
    rule: 'no-latest-images',
    breaks: [
      [
        workload('Deployment', { image: 'registry:5000/web' }),
        [`${POD}.containers[0].image: container web: registry:5000/web has no tag, which means latest`],
      ],
      [
        workload('Deployment', { image: 'web:latest' }),
        [`${POD}.containers[0].image: container web: web:latest is another image tomorrow`],
      ],
    ],
    keeps: [
      workload('Deployment', { image: 'registry:5000/web:2' }),
      workload('Deployment', { image: `web:latest@sha256:${'a'.repeat(64)}` }),
    ],
  },
  {
    rule: 'no-default-account-rights',
    breaks: [
      [
        plain('RoleBinding', {
          subjects: [
            { kind: 'User', name: 'ada' },
            { kind: 'ServiceAccount', name: 'default' },
          ],
        }),
        ['subjects[1]: gives rights to ServiceAccount default'],
      ],
      [
        plain('ClusterRoleBinding', { subjects: [{ kind: 'Group', name: 'system:serviceaccounts:shop' }] }),
        ['subjects[0]: gives rights to Group system:serviceaccounts:shop'],
      ],
    ],
    keeps: [
      plain('RoleBinding', { subjects: [{ kind: 'ServiceAccount', name: 'web' }] }),
      plain('RoleBinding', {}),
    ],
  },
];

describe.each(samples)('$rule', ({ rule, breaks, keeps }) => {
  it.each(breaks)('is broken by sample %#', (object, issues) => {
    expect(found(rule, object)).toEqual(issues);
  });

  it.each(keeps.map((object) => [object] as const))('is kept by sample %#', (object) => {
    expect(found(rule, object)).toEqual([]);
  });
});

it('has a sample for every rule, and a rule for every switch of the spec', () => {
  const codes = policyRules.map(({ code }) => code).toSorted();
  expect(samples.map(({ rule }) => rule).toSorted()).toEqual(codes);
  expect(Object.keys(policySchema.parse({}).rules).toSorted()).toEqual(codes);
});

it('judges nothing in a healthy application', () => {
  const healthy = workload('Deployment', {});
  expect(policyRules.flatMap((rule) => rule.check(healthy))).toEqual([]);
});

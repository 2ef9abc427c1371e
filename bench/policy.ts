/**
 * Judges 5,000 objects of a rendered platform by every rule. The physical limit to compare with is parsing the
 * same YAML: nothing can be judged before it is read.
 *
 * Target: under 2 s for the rules; reading is told beside.
 */
import { performance } from 'node:perf_hooks';
import { parseAllDocuments } from 'yaml';
import { checkPolicy } from '../src/diagnosis/policy/check-policy.js';
import { readManifests } from '../src/diagnosis/policy/manifests.js';
import { policySchema } from '../src/spec/schema/policy.js';
import { judge, writeSection } from './lib/page.js';

const OBJECTS = 5_000;

/** Every fifth application breaks something, so that places must be found as well. */
const deployment = (index: number): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: app-${index}, namespace: team-${index % 40} }
spec:
  replicas: 2
  template:
    spec:
      hostNetwork: ${index % 5 === 0}
      containers:
        - name: app
          image: registry.shop:5000/app:${index % 5 === 0 ? 'latest' : '1.4.2'}
          env:
            - { name: DATABASE, value: ${index % 5 === 0 ? 'postgres://10.0.0.120/app' : 'postgres://db/app'} }
          readinessProbe: { httpGet: { path: /ready, port: 8080 } }
          livenessProbe: { httpGet: { path: /live, port: 8080 } }
          resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 128Mi } }
`;

const timed = <T>(work: () => T): { readonly ms: number; readonly value: T } => {
  const start = performance.now();
  const value = work();
  return { ms: performance.now() - start, value };
};

const text = Array.from({ length: OBJECTS }, (_, index) => deployment(index)).join('---\n');
const parsed = timed(() => parseAllDocuments(text));
const read = timed(() => readManifests('platform.yaml', text));
const live = read.value.objects.map(({ object }) => ({ object }));
const policy = policySchema.parse({});
const judged = timed(() => checkPolicy(live, policy, '2026-11-21'));
const placed = timed(() => checkPolicy(read.value.objects, policy, '2026-11-21'));
if (placed.value.length !== (OBJECTS / 5) * 3) throw new Error(`${placed.value.length} breaches`);

const row = (what: string, ms: number): readonly string[] => [
  what,
  `${Math.round(ms)} ms`,
  `${(ms / parsed.ms).toFixed(2)} ×`,
];

writeSection('policy', judge(`${OBJECTS} objects judged by every rule in less than 2 s`, judged.ms < 2000), [
  ['step', 'time', 'relative to parsing'],
  row(
    `parsing ${(text.length / 1024 ** 2).toFixed(1)} MiB of YAML, the least that any reader needs`,
    parsed.ms,
  ),
  row('reading the objects with their places', read.ms),
  row('all rules over live objects', judged.ms),
  row(`all rules over files, with the place of each of ${placed.value.length} breaches`, placed.ms),
]);

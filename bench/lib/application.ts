import { readFileSync } from 'node:fs';
import type { BenchLab } from './lab.js';
import { onHost } from './remote.js';

const REPLICAS = 10;

/** Reference of one of the lab's own images. */
export const labImage = (name: string): string =>
  (JSON.parse(readFileSync('lab/engine/images.json', 'utf8')) as Record<string, string>)[name] ?? '';

/** Puts ten small web servers on a cluster and waits until they are ready. */
export const application = (lab: BenchLab): void => {
  const labels = { app: 'web' };
  const container = { name: 'web', image: labImage('probe'), ports: [{ containerPort: 8080 }] };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { ...container, readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 1 } },
          ],
          tolerations: [{ operator: 'Exists' }],
        },
      },
    },
  };
  const first = lab.hosts[0] ?? '';
  onHost(lab, first, `kubectl apply -f - <<'DROVER_END'\n${JSON.stringify(deployment)}\nDROVER_END`);
  onHost(lab, first, 'kubectl rollout status deployment web --timeout=300s');
};

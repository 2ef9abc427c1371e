import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import type { ClusterSpec } from '../../../src/spec/schema/cluster.js';
import { ingressSchema } from '../../../src/spec/schema/ingress.js';
import { ingressSet } from '../../../src/steps/ingress/ingress-set.js';
import { TRAEFIK_VERSION } from '../../../src/steps/ingress/traefik.js';

interface Pods {
  readonly spec: {
    readonly hostNetwork?: boolean;
    readonly tolerations: readonly object[];
    readonly containers: readonly {
      readonly image: string;
      readonly args: readonly string[];
      readonly ports: readonly object[];
      readonly readinessProbe: object;
    }[];
  };
}

const setOf = (ingress: object, standIn = false) => {
  const spec = { ingress: ingressSchema.parse(ingress) } as ClusterSpec;
  return ingressSet({ spec }, { standIn });
};
const workloadOf = (ingress: object, standIn = false): KubeObject => {
  const found = setOf(ingress, standIn)?.objects.find(({ apiVersion }) => apiVersion === 'apps/v1');
  if (found === undefined) throw new Error('no workload');
  return found;
};
const podsOf = (object: KubeObject): Pods => (object['spec'] as { readonly template: Pods }).template;
const containerOf = (object: KubeObject) => {
  const [container] = podsOf(object).spec.containers;
  if (container === undefined) throw new Error('no container');
  return container;
};

it('is on every node, on its own ports, and restarts one at a time', () => {
  const traefik = workloadOf({});
  expect(traefik).toMatchObject({
    kind: 'DaemonSet',
    spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } },
  });
  const { hostNetwork, tolerations } = podsOf(traefik).spec;
  expect(hostNetwork).toBe(true);
  expect(tolerations).toEqual([{ operator: 'Exists' }]);
  expect(containerOf(traefik).ports).toMatchObject([
    { hostPort: 80 },
    { hostPort: 443 },
    { hostPort: 10254 },
  ]);
});

it.each(['traefik', 'nginx'])(
  '%s answers the health check on the port and path of the spec',
  (controller) => {
    const spec = { controller, healthPath: '/alive', ports: { http: 8080, https: 8443, health: 9000 } };
    const workload = workloadOf(spec);
    expect(containerOf(workload).readinessProbe).toMatchObject({ httpGet: { path: '/alive', port: 9000 } });
    expect(JSON.stringify(setOf(spec)?.objects)).toContain('/alive');
    expect(containerOf(workload).args.join(' ')).toMatch(/8080.*8443.*9000/);
  },
);

it('is Traefik in the version of the lab, unless the spec names another', async () => {
  const path = new URL('../../../lab/engine/images.json', import.meta.url);
  const images = JSON.parse(await readFile(path, 'utf8')) as Readonly<Record<string, string>>;
  expect(containerOf(workloadOf({})).image).toBe(images['traefik']);
  expect(images['traefik']).toContain(TRAEFIK_VERSION);
  expect(containerOf(workloadOf({ version: '3.6.1' })).image).toContain(':3.6.1');
});

it('is ingress-nginx where the spec asks for it; in a lab Traefik serves its class', () => {
  const real = setOf({ controller: 'nginx', version: '1.15.1' });
  const lab = setOf({ controller: 'nginx', version: '1.15.1' }, true);
  expect(real?.name).toBe('ingress/nginx');
  expect(lab?.name).toBe('ingress/nginx');
  const classOf = (set: typeof real) => set?.objects.find(({ kind }) => kind === 'IngressClass');
  expect(classOf(real)).toMatchObject({
    metadata: { name: 'nginx' },
    spec: { controller: 'k8s.io/ingress-nginx' },
  });
  expect(classOf(lab)).toMatchObject({
    metadata: { name: 'nginx' },
    spec: { controller: 'traefik.io/ingress-controller' },
  });
  expect(containerOf(workloadOf({ controller: 'nginx' })).image).toBe(
    'registry.k8s.io/ingress-nginx/controller:v1.15.1',
  );
  expect(setOf({ controller: 'none' })).toBeUndefined();
});

it('has other pods when its settings change, and takes the certificate from a Secret', () => {
  const marks = (ingress: object) =>
    JSON.stringify(podsOf(workloadOf(ingress))).match(/drover.dev\/settings":"\w+/)?.[0];
  expect(marks({ healthPath: '/a' })).not.toBe(marks({ healthPath: '/b' }));
  const text = JSON.stringify(setOf({ certificate: { secret: 'wild', key: 'tls.crt' } })?.objects);
  expect(text).toContain('"secretName":"wild"');
  expect(text).toContain('/etc/drover-certificate/tls.key');
});

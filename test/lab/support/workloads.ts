import { image, rootOn } from './cluster.js';

/** Where the image of busybox goes, of which nobody needs to know the reference. */
const IMAGE = 'IMAGE';

/** What runs in each pod of a workload of this name, unless `main` and `spec` say more. */
export const template = (name: string, { main = {}, spec = {} } = {}) => ({
  metadata: { labels: { app: name } },
  spec: {
    terminationGracePeriodSeconds: 0,
    ...spec,
    containers: [{ name: 'main', image: IMAGE, command: ['sleep', '86400'], ...main }],
  },
});

/** A workload of the namespace `default`. */
export const workload = (
  kind: 'DaemonSet' | 'Deployment',
  name: string,
  pods: object = template(name),
  more: object = {},
) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'default' },
  spec: { selector: { matchLabels: { app: name } }, template: pods, ...more },
});

/** A pod of the namespace `default` that nobody makes again. */
export const barePod = (name: string, node: string) => {
  const { metadata, spec } = template(name, { spec: { nodeName: node } });
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name, namespace: 'default' }, spec };
};

/** Puts objects into the cluster of a lab, as `kubectl apply` does. */
export const applyObjects = async (lab: string, folder: string, items: readonly object[]): Promise<void> => {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const text = list.replaceAll(IMAGE, await image('busybox'));
  await rootOn(lab, 'server-1', `k3s kubectl apply -f - <<'END'\n${text}\nEND`, folder);
};

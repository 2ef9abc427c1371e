import type { KubeObject } from '../../core/ports/kube.js';
import type { Transform } from '../../spec/schema/transforms.js';
import { mapOf } from '../clean/draft.js';
import type { ClusterIdentity } from '../identity.js';

/** What default rules need to know about the target. */
export interface TargetClasses {
  readonly distribution: ClusterIdentity['distribution'];
  readonly storage: readonly { readonly name: string; readonly isDefault: boolean }[];
  readonly ingress: readonly { readonly name: string; readonly isDefault: boolean }[];
}

const isK3s = (distribution: ClusterIdentity['distribution']): boolean =>
  ['k3s', 'rke2'].includes(distribution);

/** The class that stands for another one: the default, or the single one that there is. */
const standIn = (classes: TargetClasses['storage']): string | undefined =>
  classes.find(({ isDefault }) => isDefault)?.name ?? (classes.length === 1 ? classes[0]?.name : undefined);

const classMap = (
  change: 'storage-class' | 'ingress-class',
  from: string,
  classes: TargetClasses['storage'],
): readonly Transform[] => {
  const to = standIn(classes);
  return to === undefined || classes.some(({ name }) => name === from) ? [] : [{ change, from, to }];
};

/** Labels that only nodes of K3s have. */
const K3S_LABELS = [
  'node.kubernetes.io/instance-type',
  'egress.k3s.io/cluster',
  'node-role.kubernetes.io/master',
  'node-role.kubernetes.io/etcd',
];

const usesLabel = (objects: readonly KubeObject[], labels: readonly string[]): readonly string[] => {
  const text = objects
    .filter(({ kind }) => /^(Deployment|StatefulSet|DaemonSet|Job|CronJob|Pod)$/.test(kind))
    .map((object) => JSON.stringify(mapOf(object['spec'])))
    .join('\n');
  return labels.filter((label) => text.includes(JSON.stringify(label)));
};

const withoutLabels = (labels: readonly string[]): readonly Transform[] =>
  labels.length === 0 ? [] : [{ change: 'node-selector', remove: [...labels], set: {}, only: {} }];

/**
 * Transforms that a change of the distribution brings about, as far as the target lacks what the distribution of
 * the source brought along: K3s' local-path and Traefik, labels of its nodes, the value of the control plane's label.
 * They come after those of the spec, which therefore win.
 */
export const defaultTransforms = (
  source: ClusterIdentity['distribution'],
  target: TargetClasses,
  objects: readonly KubeObject[],
): readonly Transform[] => {
  if (isK3s(source) === isK3s(target.distribution)) return [];
  const leaving = isK3s(source);
  const labels = leaving ? usesLabel(objects, K3S_LABELS) : [];
  return [
    ...(leaving ? classMap('storage-class', 'local-path', target.storage) : []),
    ...(leaving
      ? classMap('ingress-class', 'traefik', target.ingress)
      : classMap('ingress-class', 'nginx', target.ingress)),
    ...withoutLabels(labels),
    ...controlPlane(leaving, objects),
  ];
};

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** K3s gives the label the value "true", kubeadm an empty one. */
const controlPlane = (leaving: boolean, objects: readonly KubeObject[]): readonly Transform[] =>
  usesLabel(objects, [CONTROL_PLANE]).length === 0
    ? []
    : ['Deployment', 'StatefulSet', 'DaemonSet'].map(
        (kind): Transform => ({
          change: 'json-patch',
          only: { kind },
          patch: [
            {
              op: 'test',
              path: `/spec/template/spec/nodeSelector/${CONTROL_PLANE.replace('/', '~1')}`,
              value: leaving ? 'true' : '',
            },
            {
              op: 'replace',
              path: `/spec/template/spec/nodeSelector/${CONTROL_PLANE.replace('/', '~1')}`,
              value: leaving ? '' : 'true',
            },
          ],
        }),
      );

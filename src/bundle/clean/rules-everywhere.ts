import { type StripRule, strip } from './rule.js';

const annotation = (key: string) => ['metadata', 'annotations', key];
const label = (key: string) => ['metadata', 'labels', key];

/** Fields that no object carries to another cluster. */
export const rulesEverywhere: readonly StripRule[] = [
  ...strip(
    'server-metadata',
    [
      'uid',
      'resourceVersion',
      'creationTimestamp',
      'generation',
      'selfLink',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      // Server-side apply refuses objects that have it.
      'managedFields',
      'generateName',
    ].map((key) => ['metadata', key]),
  ),
  ...strip('status', [['status']]),
  // A finalizer whose controller is not on the target makes an object that nobody can delete; controllers that
  // do run there add theirs again.
  ...strip('controller-absent', [['metadata', 'finalizers']]),
  ...strip('tool-trace', [
    annotation('kubectl.kubernetes.io/last-applied-configuration'),
    annotation('control-plane.alpha.kubernetes.io/leader'),
    annotation('objectset.rio.cattle.io/*'),
    annotation('field.cattle.io/*'),
    annotation('lifecycle.cattle.io/*'),
    annotation('cattle.io/*'),
    annotation('argocd.argoproj.io/tracking-id'),
    annotation('kustomize.toolkit.fluxcd.io/*'),
    annotation('helm.toolkit.fluxcd.io/*'),
    label('objectset.rio.cattle.io/*'),
    label('argocd.argoproj.io/instance'),
    label('kustomize.toolkit.fluxcd.io/*'),
    label('helm.toolkit.fluxcd.io/*'),
    label('velero.io/backup-name'),
    label('velero.io/restore-name'),
  ]),
];

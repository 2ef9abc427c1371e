import { defineErrors } from '../core/error.js';

/** What an export or a plan of a migration can find. Findings end nothing by themselves; errors among them block a restore. */
export const bundleFindings = defineErrors({
  'bundle-reference-missing': {
    title: 'An object names another one that nothing provides',
    exit: 'ok',
    explain:
      'The source does not have it either: a pod that needs it cannot start there or on the target. Make it, or take the reference out.',
  },
  'bundle-reference-left-out': {
    title: 'An object names another one that is not carried',
    exit: 'ok',
    explain:
      'The source has it, but it belongs to the cluster or was excluded. The target must have one of the same name: map classes with `storage-class` and `ingress-class`, or include the kind.',
  },
  'bundle-version-not-served': {
    title: 'The target does not serve a kind in any version of the source',
    exit: 'ok',
    explain:
      'Its definition may come with the bundle, or with an operator that is installed there first. A version that was removed needs a newer manifest.',
  },
  'bundle-group-silent': {
    title: 'A group of the API did not answer',
    exit: 'ok',
    explain:
      'An aggregated API is registered but its server is down. Its objects, if it stores any, are not in the bundle.',
  },
  'bundle-cloud-identity': {
    title: 'An account is bound to an identity of a cloud',
    exit: 'ok',
    explain:
      'Annotations of EKS, GKE or Azure give pods an identity of the cloud. On another cluster they do nothing: the pods need credentials of another kind.',
  },
  'bundle-source-address': {
    title: 'A value names an address of the source cluster',
    exit: 'ok',
    explain:
      'A ConfigMap or a variable holds the address of the source’s API or of one of its Services. On the target it leads nowhere, or back to the source.',
  },
  'bundle-helm-release': {
    title: 'A Helm release is carried with its record',
    exit: 'ok',
    explain:
      'The newest deployed record is carried as it is, so that `helm list` and `helm upgrade` go on working. Where transforms change objects of the release the record still shows the old manifest; `helm upgrade` with changed values brings both together.',
  },
  'bundle-retention': {
    title: 'Scaling a StatefulSet down would delete its volumes',
    exit: 'ok',
    explain:
      '`persistentVolumeClaimRetentionPolicy` is `Delete`: scaling to zero or deleting the StatefulSet deletes its claims and their data. Change it on the source before anything is stopped.',
  },
  'transform-unmatched': {
    title: 'A transform changed nothing',
    exit: 'ok',
    explain:
      'No object of the bundle has what the transform looks for: a name may be mistyped, or it is no longer needed. The order counts: a transform sees what those before it made.',
  },
  'transform-failed': {
    title: 'A JSON patch does not fit an object',
    exit: 'ok',
    explain:
      'A path of the patch does not exist in an object that the patch selects, and no `test` keeps it away. Narrow `only`, or begin the patch with a `test`.',
  },
  'transform-annotation': {
    title: 'An annotation of an Ingress has no counterpart',
    exit: 'ok',
    explain:
      'The other controller has no annotation for it. With Traefik most of these are Middlewares, with ingress-nginx parts of its configuration: write them by hand and add them to the target.',
  },
});

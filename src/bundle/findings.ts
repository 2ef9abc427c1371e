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
  'transform-clash': {
    title: 'Two objects become one',
    exit: 'ok',
    explain:
      'After the transforms two objects of the source have the same kind, namespace and name, usually because two namespaces were mapped to one. Only one of them could be written. Map one of the namespaces elsewhere, or rename an object with a JSON patch.',
  },
  'target-older': {
    title: 'The target is older than the source',
    exit: 'ok',
    explain:
      'An older API lacks fields, kinds and defaults of a newer one. Every object is checked by a strict dry run as far as that is possible, so unknown fields are found; behaviour that changed between versions is not.',
  },
  'target-not-checked': {
    title: 'Something about the target could not be looked at',
    exit: 'ok',
    explain:
      'The account of the kubeconfig may not list these kinds. What depends on them (room on nodes, quotas, webhooks, ports) was not checked and may fail when it is written.',
  },
  'target-kind-missing': {
    title: 'The target does not know a kind',
    exit: 'ok',
    explain:
      'No API of the target serves the kind and its definition is not among the carried objects. Without it the objects cannot be written; with `--ignore target-kind-missing` they are left out.',
  },
  'target-version-missing': {
    title: 'The target does not serve a version',
    exit: 'ok',
    explain:
      'The kind is served, but not in the version in which the objects were exported: the version was removed from Kubernetes, or the definition on the target is another one. An export with the target at hand chooses a version that both serve. With `--ignore target-version-missing` the objects are left out.',
  },
  'target-definition-older': {
    title: 'A carried definition would drop a version that the target stores',
    exit: 'ok',
    explain:
      'Objects on the target are stored in a version that the carried CustomResourceDefinition does not serve: the API refuses the change, or could no longer read them. Leave the definition out.',
  },
  'target-namespace-missing': {
    title: 'A namespace is neither carried nor there',
    exit: 'ok',
    explain:
      'Objects lie in a namespace that the target does not have and that is not among the carried objects. Make it, or carry it.',
  },
  'target-class-missing': {
    title: 'The target lacks a class',
    exit: 'ok',
    explain:
      'A claim, an Ingress or a pod names a StorageClass, IngressClass, PriorityClass or RuntimeClass that is neither carried nor on the target: the object would wait for ever. Map it with a transform, or make the class.',
  },
  'target-no-default-class': {
    title: 'The target has no default storage class',
    exit: 'ok',
    explain: 'A claim that names no class gets the default one; without it the claim stays pending.',
  },
  'target-secret-missing': {
    title: 'A Secret that is needed is nowhere',
    exit: 'ok',
    explain:
      'An object cannot do without this Secret, and it is neither carried, made by `spec.secrets`, promised by a Certificate or an external secret that is carried, nor on the target.',
  },
  'target-reference-missing': {
    title: 'An object that is needed is nowhere',
    exit: 'ok',
    explain:
      'An object names another one that is neither carried nor on the target. Pods that need it cannot start.',
  },
  'target-node-port': {
    title: 'A node port is taken',
    exit: 'ok',
    explain: 'Another Service of the target has the node port that a carried Service wants for itself.',
  },
  'target-cluster-ip': {
    title: 'A cluster IP cannot be had',
    exit: 'ok',
    explain:
      'A carried Service wants an address that another Service of the target has, or that lies outside of its range.',
  },
  'target-ip-family': {
    title: 'The target does not have a family of addresses',
    exit: 'ok',
    explain: 'A carried Service asks for IPv4 or IPv6 (or both) and the target does not have it.',
  },
  'target-quota': {
    title: 'A quota of the target would be exceeded',
    exit: 'ok',
    explain:
      'What comes does not fit into a ResourceQuota of the namespace, by what pods request and by numbers of objects. The API would refuse objects or pods when the quota is reached.',
  },
  'target-capacity': {
    title: 'The nodes of the target have too little room',
    exit: 'ok',
    explain:
      'The requests of all carried pods together are more than what the nodes that take pods have left. Pods without room stay pending.',
  },
  'target-pod-security': {
    title: 'Pods break the level of Pod Security of their namespace',
    exit: 'ok',
    explain:
      'The namespace enforces `baseline` or `restricted`, and the pods of a workload break it. The API takes the workload and refuses its pods, so nothing would run.',
  },
  'target-webhook-dead': {
    title: 'A webhook of the target cannot be called',
    exit: 'ok',
    explain:
      'A webhook that must agree to carried objects has no ready back end, so that the API refuses every object that it looks at.',
  },
  'target-webhook-backend': {
    title: 'A carried webhook has no back end',
    exit: 'ok',
    explain:
      'The Service that a carried webhook calls is neither carried nor on the target. Once written, the webhook would refuse everything that it looks at.',
  },
  'target-unknown-field': {
    title: 'The target does not know a field',
    exit: 'ok',
    explain:
      'A strict dry run refused the object because of a field that the target would silently drop. It is older, or its definition is another one.',
  },
  'target-refused': {
    title: 'The target refuses an object',
    exit: 'ok',
    explain:
      'A dry run says that the API, a rule of the cluster or a webhook does not take the object as it is. With `--ignore target-refused` the restore tries it all the same and goes on without it when it is refused again.',
  },
  'target-exists': {
    title: 'An object is there already and differs',
    exit: 'ok',
    explain:
      '`spec.restore.existing` is `fail` (the default), so what the target has already is neither changed nor passed over in silence. `skip` keeps what is there, `update` takes the fields of the bundle; with `--ignore target-exists` these objects stay as they are.',
  },
  'target-name-taken': {
    title: 'A name belongs to somebody else’s object',
    exit: 'ok',
    explain:
      'An object of this name exists and other people or tools own fields that would change. Rename one of the two, or map the namespace. With `--ignore target-name-taken` Drover takes the fields over; rolling back gives them their former values.',
  },
  'target-image-absent': {
    title: 'An image is not in its registry',
    exit: 'ok',
    explain:
      'Pods that need it would never start on a node that does not have it yet. The registry was asked from the operator’s machine; where nodes pull from a mirror of their own, say `--ignore target-image-absent`. Images that a node of the target has already are not asked for.',
  },
  'target-image-denied': {
    title: 'A registry does not give an image',
    exit: 'ok',
    explain:
      'The registry answered “not authorised” to the pull secrets that the pods name and the bundle carries, or without any where they name none. Registries often answer so for names that do not exist, too.',
  },
  'target-images-unknown': {
    title: 'Whether images can be pulled is not known',
    exit: 'ok',
    explain:
      'Their registry did not answer from the operator’s machine, and the API cannot tell whether nodes reach it. Images that a node of the target has already are left out of the count.',
  },
  'helm-record-stale': {
    title: 'A Helm record shows what its objects no longer are',
    exit: 'ok',
    explain:
      'Records of releases are carried as they are. Transforms changed objects of the release, so `helm get manifest` shows the old ones, and the next `helm upgrade` computes its changes from them. Upgrade with values that say the same as the transforms.',
  },
});

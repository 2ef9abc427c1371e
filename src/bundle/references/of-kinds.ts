import type { KubeObject } from '../../core/ports/kube.js';
import { listOf, mapOf } from '../clean/draft.js';
import { groupOf, idOf, kindName } from '../model/object-id.js';
import { clusterReference, type Reference, type ReferenceFinder, referenceTo } from './reference.js';

const SECRET = { group: '', kind: 'Secret' };
const SERVICE = { group: '', kind: 'Service' };
const ACCOUNT = { group: '', kind: 'ServiceAccount' };
const STORAGE_CLASS = { group: 'storage.k8s.io', kind: 'StorageClass' };
const INGRESS_CLASS = { group: 'networking.k8s.io', kind: 'IngressClass' };
const RBAC = 'rbac.authorization.k8s.io';

const backend = (object: KubeObject, value: unknown, path: string): readonly Reference[] =>
  referenceTo(object, SERVICE, { name: mapOf(mapOf(value)['service'])['name'], path });

const ingress: ReferenceFinder = (object) => {
  const spec = mapOf(object['spec']);
  const annotations = object.metadata.annotations ?? {};
  const old = annotations['kubernetes.io/ingress.class'];
  return [
    ...backend(object, spec['defaultBackend'], 'spec.defaultBackend'),
    ...listOf(spec['rules']).flatMap((rule, index) =>
      listOf(mapOf(mapOf(rule)['http'])['paths']).flatMap((each, at) =>
        backend(object, mapOf(each)['backend'], `spec.rules[${index}].http.paths[${at}].backend`),
      ),
    ),
    ...listOf(spec['tls']).flatMap((each, index) =>
      referenceTo(object, SECRET, {
        name: mapOf(each)['secretName'],
        path: `spec.tls[${index}].secretName`,
        // cert-manager makes the Secret from the Ingress.
        optional: Object.keys(annotations).some((key) => /^cert-manager\.io\/(cluster-)?issuer$/.test(key)),
      }),
    ),
    ...clusterReference(INGRESS_CLASS, spec['ingressClassName'] ?? old, 'spec.ingressClassName'),
  ];
};

const binding: ReferenceFinder = (object) => {
  const { kind, name } = mapOf(object['roleRef']);
  const role =
    kind === 'Role'
      ? referenceTo(object, { group: RBAC, kind }, { name, path: 'roleRef' })
      : clusterReference({ group: RBAC, kind: 'ClusterRole' }, name, 'roleRef');
  const accounts = listOf(object['subjects']).flatMap((each, index) => {
    const subject = mapOf(each);
    return subject['kind'] === 'ServiceAccount'
      ? referenceTo(object, ACCOUNT, {
          name: subject['name'],
          namespace: subject['namespace'],
          path: `subjects[${index}]`,
        })
      : [];
  });
  return [...role, ...accounts];
};

const scaled: ReferenceFinder = (object) => {
  const { apiVersion, kind, name } = mapOf(mapOf(object['spec'])['scaleTargetRef']);
  return typeof kind === 'string'
    ? referenceTo(object, { group: groupOf(String(apiVersion)), kind }, { name, path: 'spec.scaleTargetRef' })
    : [];
};

const webhooks: ReferenceFinder = (object) =>
  listOf(object['webhooks']).flatMap((each, index) => {
    const { name, namespace } = mapOf(mapOf(mapOf(each)['clientConfig'])['service']);
    return referenceTo(object, SERVICE, { name, namespace, path: `webhooks[${index}].clientConfig.service` });
  });

const certificate: ReferenceFinder = (object) => {
  const { kind, name } = mapOf(mapOf(object['spec'])['issuerRef']);
  const path = 'spec.issuerRef';
  return kind === 'ClusterIssuer'
    ? clusterReference({ group: 'cert-manager.io', kind }, name, path)
    : referenceTo(object, { group: 'cert-manager.io', kind: 'Issuer' }, { name, path });
};

const service = (object: KubeObject, value: unknown, path: string): readonly Reference[] =>
  referenceTo(object, SERVICE, { name: mapOf(value)['name'], namespace: mapOf(value)['namespace'], path });

const byKind: Readonly<Record<string, ReferenceFinder>> = {
  'Ingress.networking.k8s.io': ingress,
  [`RoleBinding.${RBAC}`]: binding,
  [`ClusterRoleBinding.${RBAC}`]: binding,
  'HorizontalPodAutoscaler.autoscaling': scaled,
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': webhooks,
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': webhooks,
  'Certificate.cert-manager.io': certificate,
  'APIService.apiregistration.k8s.io': (object) =>
    service(object, mapOf(object['spec'])['service'], 'spec.service'),
  'CustomResourceDefinition.apiextensions.k8s.io': (object) => {
    const webhook = mapOf(mapOf(mapOf(object['spec'])['conversion'])['webhook']);
    return service(
      object,
      mapOf(webhook['clientConfig'])['service'],
      'spec.conversion.webhook.clientConfig.service',
    );
  },
  PersistentVolumeClaim: (object) =>
    clusterReference(STORAGE_CLASS, mapOf(object['spec'])['storageClassName'], 'spec.storageClassName'),
  'StatefulSet.apps': (object) => [
    ...listOf(mapOf(object['spec'])['volumeClaimTemplates']).flatMap((each, index) =>
      clusterReference(
        STORAGE_CLASS,
        mapOf(mapOf(each)['spec'])['storageClassName'],
        `spec.volumeClaimTemplates[${index}].spec.storageClassName`,
      ),
    ),
    ...referenceTo(object, SERVICE, {
      name: mapOf(object['spec'])['serviceName'],
      path: 'spec.serviceName',
      optional: true,
    }),
  ],
  ServiceAccount: (object) =>
    ['secrets', 'imagePullSecrets'].flatMap((member) =>
      listOf(object[member]).flatMap((each, index) =>
        referenceTo(object, SECRET, { name: mapOf(each)['name'], path: `${member}[${index}]` }),
      ),
    ),
  Secret: (object) =>
    object['type'] === 'kubernetes.io/service-account-token'
      ? referenceTo(object, ACCOUNT, {
          name: object.metadata.annotations?.['kubernetes.io/service-account.name'],
          path: 'metadata.annotations["kubernetes.io/service-account.name"]',
        })
      : [],
};

/** References that belong to the kind itself. */
export const ofKind: ReferenceFinder = (object) => byKind[kindName(idOf(object))]?.(object) ?? [];

import type { KubeObject } from '../../core/ports/kube.js';
import { isMap, listOf, mapOf } from '../clean/draft.js';
import { idOf, idText } from '../model/object-id.js';
import type { BundleFinding } from '../model/report.js';
import { containersOf, podSpecOf } from '../references/pod-template.js';

type Finder = (object: KubeObject, serverHost: string) => readonly Omit<BundleFinding, 'object'>[];

const CLOUD = [
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
];

const cloudIdentity: Finder = ({ kind, metadata }) =>
  kind !== 'ServiceAccount'
    ? []
    : CLOUD.filter((key) => metadata.annotations?.[key] !== undefined).map((key) => ({
        code: 'bundle-cloud-identity',
        severity: 'warning',
        message: `${key} gives its pods an identity of a cloud, which the target does not have`,
      }));

const retention: Finder = (object) => {
  if (object.kind !== 'StatefulSet') return [];
  const policy = mapOf(mapOf(object['spec'])['persistentVolumeClaimRetentionPolicy']);
  const deleting = ['whenScaled', 'whenDeleted'].filter((key) => policy[key] === 'Delete');
  return deleting.map((key) => ({
    code: 'bundle-retention',
    severity: 'warning',
    message: `${key} is Delete: ${key === 'whenScaled' ? 'scaling it down' : 'deleting it'} on the source deletes its volumes`,
  }));
};

const helm: Finder = (object) =>
  object['type'] === 'helm.sh/release.v1'
    ? [
        {
          code: 'bundle-helm-release',
          severity: 'info',
          message: `record of the Helm release ${object.metadata.labels?.['name'] ?? ''}; its manifest stays as it is, whatever is transformed`,
        },
      ]
    : [];

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

const sourceAddress: Finder = (object, host) => {
  if (LOOPBACK.has(host)) return [];
  const pod = podSpecOf(object);
  const variables =
    pod === undefined
      ? []
      : containersOf(pod).flatMap(({ container, path }) =>
          listOf(container['env']).map(
            (each) => [`${path}.env ${String(mapOf(each)['name'])}`, mapOf(each)['value']] as const,
          ),
        );
  const data = object.kind === 'ConfigMap' && isMap(object['data']) ? Object.entries(object['data']) : [];
  return [...variables, ...data]
    .filter(([, value]) => typeof value === 'string' && value.includes(host))
    .map(([place]) => ({
      code: 'bundle-source-address',
      severity: 'warning',
      message: `${place} names ${host}, the API of the source`,
    }));
};

const FINDERS: readonly Finder[] = [cloudIdentity, retention, helm, sourceAddress];

/** What a person should know about one object before it is restored. `server` is the source's URL. */
export const objectFindings = (object: KubeObject, server: string): readonly BundleFinding[] => {
  const host = URL.canParse(server) ? new URL(server).hostname : server;
  return FINDERS.flatMap((find) => find(object, host)).map((finding) => ({
    ...finding,
    object: idText(idOf(object)),
  }));
};

import type { KubeObject } from '../../../core/ports/kube.js';
import { sentence } from '../../../core/text.js';
import { type Loose, listOf, mapOf } from '../../clean/draft.js';
import type { BundleFinding } from '../../model/report.js';
import { CONTAINER_GROUPS, podSpecOf } from '../../references/pod-template.js';
import type { CheckInput, TargetCheck } from '../model.js';

/*
 * The levels of Pod Security as Kubernetes describes them, checked here because the API warns about workloads only and
 * refuses no more than their pods, later.
 */

const LEVEL = 'pod-security.kubernetes.io/enforce';
const BASELINE_CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
const RESTRICTED_VOLUMES = new Set(
  'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret name'.split(' '),
);

const containers = (spec: Loose): readonly Loose[] =>
  CONTAINER_GROUPS.flatMap((group) => listOf(spec[group]).map(mapOf));

const security = (holder: Loose): Loose => mapOf(holder['securityContext']);

const baseline = (spec: Loose): readonly string[] => {
  const all = containers(spec);
  const volumes = listOf(spec['volumes']).map(mapOf);
  const added = all.flatMap((each) => listOf(mapOf(security(each)['capabilities'])['add']).map(String));
  const hostPorts = all.flatMap((each) =>
    listOf(each['ports']).filter((port) => Number(mapOf(port)['hostPort'] ?? 0) > 0),
  );
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC'].filter((member) => spec[member] === true),
    ...(all.some((each) => security(each)['privileged'] === true) ? ['privileged'] : []),
    ...(added.some((capability) => !BASELINE_CAPABILITIES.has(capability)) ? ['capabilities'] : []),
    ...(volumes.some((volume) => volume['hostPath'] !== undefined) ? ['hostPath'] : []),
    ...(hostPorts.length > 0 ? ['hostPort'] : []),
    ...(all.some((each) => security(each)['procMount'] === 'Unmasked') ? ['procMount'] : []),
  ];
};

const restricted = (spec: Loose): readonly string[] => {
  const all = containers(spec);
  const pod = security(spec);
  const every = (test: (own: Loose) => boolean): boolean => all.every((each) => test(security(each)));
  const some = (test: (own: Loose) => boolean): boolean => all.some((each) => test(security(each)));
  const runsAsUser = every(({ runAsNonRoot }) => (runAsNonRoot ?? pod['runAsNonRoot']) === true);
  const profiled = every(({ seccompProfile }) =>
    ['RuntimeDefault', 'Localhost'].includes(String(mapOf(seccompProfile ?? pod['seccompProfile'])['type'])),
  );
  const dropped = every(({ capabilities }) => listOf(mapOf(capabilities)['drop']).includes('ALL'));
  const adding = some(({ capabilities }) =>
    listOf(mapOf(capabilities)['add']).some((each) => each !== 'NET_BIND_SERVICE'),
  );
  const asRoot = pod['runAsUser'] === 0 || some(({ runAsUser }) => runAsUser === 0);
  const volumes = listOf(spec['volumes']).flatMap((volume) => Object.keys(mapOf(volume)));
  return [
    ...baseline(spec),
    ...(runsAsUser ? [] : ['runAsNonRoot']),
    ...(asRoot ? ['runAsUser'] : []),
    ...(every(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation === false)
      ? []
      : ['allowPrivilegeEscalation']),
    ...(dropped && !adding ? [] : ['capabilities']),
    ...(profiled ? [] : ['seccompProfile']),
    ...(volumes.every((kind) => RESTRICTED_VOLUMES.has(kind)) ? [] : ['volumes']),
  ];
};

const LEVELS: Readonly<Record<string, (spec: Loose) => readonly string[]>> = { baseline, restricted };

/** The level that a namespace will enforce: the target's own, unless the carried one replaces it. */
const levelOf = ({ carried, target, existing }: CheckInput): ((namespace: string) => string | undefined) => {
  const own = new Map(carried.objects.map(({ key, object }) => [key, object]));
  const labelled = (object: KubeObject | undefined): string | undefined => object?.metadata.labels?.[LEVEL];
  return (namespace) => {
    const key = `Namespace/${namespace}`;
    const live = target.live.get(key);
    if (live === undefined) return labelled(own.get(key));
    return existing === 'update' ? (labelled(own.get(key)) ?? labelled(live)) : labelled(live);
  };
};

/** Pods keep to the level of Pod Security that their namespace will enforce. */
export const podSecurity: TargetCheck = (input) => {
  const level = levelOf(input);
  return input.carried.objects.flatMap(({ key, object }): BundleFinding[] => {
    const pod = podSpecOf(object);
    const { namespace = '' } = object.metadata;
    const wanted = pod === undefined ? undefined : level(namespace);
    const violations = [...new Set(LEVELS[wanted ?? '']?.(pod?.spec ?? {}) ?? [])];
    return violations.length === 0
      ? []
      : [
          {
            code: 'target-pod-security',
            severity: 'error',
            object: key,
            message: `its pods break the level ${wanted ?? ''} of namespace ${namespace}: ${sentence(violations)}`,
            hint: `change the pod's securityContext with a json-patch, or the label ${LEVEL} of the namespace`,
          },
        ];
  });
};

import { listOf, mapOf } from '../../clean/draft.js';
import type { CarriedObject } from '../../model/carried-object.js';
import { idText, kindName } from '../../model/object-id.js';
import type { BundleFinding } from '../../model/report.js';
import { isGiven } from '../../references/missing.js';
import type { Reference } from '../../references/reference.js';
import type { TargetCheck } from '../model.js';

interface Told {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly hint: string;
}

const CLASS_HINT = (transform: string): string =>
  `map it: transforms: [{change: ${transform}, from: …, to: …}], or make it on the target`;

const makeIt: Told = {
  code: 'target-reference-missing',
  severity: 'error',
  hint: 'carry it along, or make it on the target before',
};

const KINDS: Readonly<Record<string, Told>> = {
  'StorageClass.storage.k8s.io': {
    code: 'target-class-missing',
    severity: 'error',
    hint: CLASS_HINT('storage-class'),
  },
  'IngressClass.networking.k8s.io': {
    code: 'target-class-missing',
    severity: 'error',
    hint: CLASS_HINT('ingress-class'),
  },
  'PriorityClass.scheduling.k8s.io': {
    code: 'target-class-missing',
    severity: 'error',
    hint: 'carry it: --include PriorityClass, or take it out with a json-patch',
  },
  'RuntimeClass.node.k8s.io': {
    code: 'target-class-missing',
    severity: 'error',
    hint: 'install the runtime on the nodes of the target, or take it out with a json-patch',
  },
  Secret: {
    code: 'target-secret-missing',
    severity: 'error',
    hint: 'carry it, let spec.secrets make it, or create it on the target before',
  },
  ConfigMap: makeIt,
  ServiceAccount: makeIt,
  PersistentVolumeClaim: makeIt,
};

const other: Told = { ...makeIt, severity: 'warning' };

/** Secrets that something carried makes as soon as it runs. */
const promised = (objects: readonly CarriedObject[]): ReadonlySet<string> =>
  new Set(
    objects.flatMap(({ object }) => {
      const spec = mapOf(object['spec']);
      const target = { ...mapOf(spec['target']), ...mapOf(spec['template']) };
      const names =
        object.kind === 'Certificate'
          ? [spec['secretName']]
          : /^(SealedSecret|ExternalSecret|VaultStaticSecret)$/.test(object.kind)
            ? [object.metadata.name, target['name']]
            : [];
      return names.flatMap((name) =>
        typeof name === 'string' ? [`${object.metadata.namespace ?? ''}/Secret/${name}`] : [],
      );
    }),
  );

/** Everything that a carried object cannot do without is carried, made by somebody, or there. */
export const referencesThere: TargetCheck = ({ carried, target }) => {
  const keys = new Set(carried.objects.map(({ key }) => key));
  const made = promised(carried.objects);
  const readable = (reference: Reference): boolean => !target.unread.includes(kindName(reference.to));
  const there = (text: string): boolean => keys.has(text) || made.has(text) || target.live.has(text);
  const users = new Map<string, { readonly reference: Reference; readonly by: string[] }>();
  for (const { key, references } of carried.objects)
    for (const reference of references) {
      const text = idText(reference.to);
      if (reference.optional || reference.to.kind === 'Namespace' || isGiven(reference.to)) continue;
      if (there(text) || !readable(reference)) continue;
      const known = users.get(text);
      if (known === undefined) users.set(text, { reference, by: [key] });
      else known.by.push(key);
    }
  return [...users].map(([text, { reference, by }]): BundleFinding => {
    const { code, severity, hint } = KINDS[kindName(reference.to)] ?? other;
    const more = new Set(by).size - 1;
    return {
      code,
      severity,
      object: by[0] ?? text,
      message: `${reference.path} names ${text}, which is neither carried nor on the target${more > 0 ? ` (and ${more} more name it)` : ''}`,
      hint,
    };
  });
};

const isDefault = ({
  metadata,
}: {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}): boolean => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';

/** Claims that name no class want the default one. */
export const defaultStorage: TargetCheck = ({ carried, target }) => {
  const classes = target.lists.get('StorageClass.storage.k8s.io');
  const own = carried.objects
    .filter(({ object }) => object.kind === 'StorageClass')
    .map(({ object }) => object);
  if (classes === undefined || [...classes, ...own].some(isDefault)) return [];
  const classless = (spec: unknown): boolean =>
    mapOf(spec)['storageClassName'] === undefined && mapOf(spec)['volumeName'] === undefined;
  const wanting = carried.objects.filter(({ object }) => {
    if (object.kind === 'PersistentVolumeClaim') return classless(object['spec']);
    const templates =
      object.kind === 'StatefulSet' ? listOf(mapOf(object['spec'])['volumeClaimTemplates']) : [];
    return templates.some((each) => classless(mapOf(each)['spec']));
  });
  const [first] = wanting;
  return first === undefined
    ? []
    : [
        {
          code: 'target-no-default-class',
          severity: 'error',
          object: first.key,
          message: `${wanting.length === 1 ? 'a claim names' : `${wanting.length} objects with claims name`} no storage class, and the target has no default one: the claims would wait for ever`,
          hint: 'mark a StorageClass of the target as default, or set storageClassName with a json-patch',
        },
      ];
};

import type { KubeObject } from '../../core/ports/kube.js';
import { ANNOTATION_PREFIX, COUNTERPARTS, type IngressController } from '../../spec/ingress-annotations.js';
import type { Transform } from '../../spec/schema/transforms.js';
import { mapOf } from '../clean/draft.js';
import { idOf, idText } from '../model/object-id.js';
import type { BundleFinding } from '../model/report.js';
import { type Change, unchanged } from './model.js';

const CLASS = 'kubernetes.io/ingress.class';

const controllerOf = (name: string): IngressController | undefined =>
  /nginx/.test(name) ? 'nginx' : /traefik/.test(name) ? 'traefik' : undefined;

const isIngress = ({ apiVersion, kind }: KubeObject): boolean =>
  kind === 'Ingress' && apiVersion.startsWith('networking.k8s.io/');

const translate = (
  object: KubeObject,
  from: IngressController,
  to: IngressController,
): {
  readonly annotations: Readonly<Record<string, string>>;
  readonly findings: readonly BundleFinding[];
} => {
  const findings: BundleFinding[] = [];
  const entries = Object.entries(object.metadata.annotations ?? {}).flatMap(([key, value]) => {
    if (!key.startsWith(ANNOTATION_PREFIX[from])) return [[key, value] as const];
    const counterpart = COUNTERPARTS[from][key.slice(ANNOTATION_PREFIX[from].length)]?.(value);
    if (counterpart !== undefined) return Object.entries(counterpart);
    findings.push({
      code: 'transform-annotation',
      severity: 'warning',
      object: idText(idOf(object)),
      message: `${key}: ${value} has no counterpart for ${to}; it is kept and does nothing`,
    });
    return [[key, value] as const];
  });
  return { annotations: Object.fromEntries(entries), findings };
};

/** Lets Ingresses be served by another controller; its annotations are translated where there is a counterpart. */
export const ingressClass: Change<Extract<Transform, { change: 'ingress-class' }>> = (
  object,
  { from, to },
) => {
  if (!isIngress(object)) return unchanged(object);
  const spec = mapOf(object['spec']);
  const old = object.metadata.annotations?.[CLASS];
  if (spec['ingressClassName'] !== from && old !== from) return unchanged(object);
  const [before, after] = [controllerOf(from), controllerOf(to)];
  const translated =
    before !== undefined && after !== undefined && before !== after
      ? translate(object, before, after)
      : { annotations: object.metadata.annotations ?? {}, findings: [] };
  const { [CLASS]: _, ...annotations } = translated.annotations;
  const { annotations: __, ...metadata } = object.metadata;
  return {
    object: {
      ...object,
      metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations },
      spec: { ...spec, ingressClassName: to },
    },
    findings: translated.findings,
  };
};

import type { KubeObject, KubeRef, KubeResource } from '../../core/ports/kube.js';
import type { ObjectRef } from './params.js';

/** An object’s address in the API’s own words. */
export const kubeRef = ({ group, version, plural, namespace, name }: ObjectRef): KubeRef => ({
  resource: { group, version, plural },
  name,
  ...(namespace === null ? {} : { namespace }),
});

/** The address of an object whose kind is served; undefined when it is not. */
export const refIn = (kinds: readonly KubeResource[], object: KubeObject): KubeRef | undefined => {
  const [first = '', second] = object.apiVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  const served = kinds.find(
    (kind) => kind.group === group && kind.version === version && kind.kind === object.kind,
  );
  const { namespace, name } = object.metadata;
  return served === undefined
    ? undefined
    : { resource: served, name, ...(namespace === undefined ? {} : { namespace }) };
};

import type { KubeObject } from '../../core/ports/kube.js';
import { formatPath, type Path } from '../../spec/path.js';
import { ownedFields } from './managed-fields.js';
import { isController } from './managers.js';

/** What managedFields say about one object. */
export interface Provenance {
  /** Fields that controllers alone own, deepest first, so that they can be taken out one after the other. */
  readonly computed: readonly { readonly path: Path; readonly owner: string }[];
  /** Does a person, or a tool of one, own this very field? */
  readonly isPersons: (path: Path) => boolean;
  /** Owners, when every field of the object belongs to controllers; undefined otherwise or when nothing is known. */
  readonly onlyControllers: string | undefined;
}

const compare = (a: Path, b: Path): number => {
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    if (other === undefined) return -1;
    if (segment === other) continue;
    if (typeof segment === 'number' && typeof other === 'number') return other - segment;
    return String(segment) < String(other) ? 1 : -1;
  }
  return 1;
};

/**
 * Reads an object's owners. Single fields are called computed only where a person made the object: of one that a
 * controller made (a claim from a StatefulSet's template) the owners say nothing about what is wanted.
 */
export const provenanceOf = (object: KubeObject): Provenance => {
  const owners = new Map<string, { readonly path: Path; readonly managers: string[] }>();
  for (const { path, manager } of ownedFields(object)) {
    const key = formatPath(path);
    const known = owners.get(key);
    if (known === undefined) owners.set(key, { path, managers: [manager] });
    else known.managers.push(manager);
  }
  const all = [...owners.values()];
  const controlled = all.filter(({ managers }) => managers.every(isController));
  const mixed = all.length > controlled.length;
  return {
    computed: mixed
      ? controlled
          .map(({ path, managers }) => ({ path, owner: [...new Set(managers)].join(', ') }))
          .sort((a, b) => compare(a.path, b.path))
      : [],
    isPersons: (path) =>
      owners.get(formatPath(path))?.managers.some((manager) => !isController(manager)) ?? false,
    onlyControllers:
      all.length > 0 && !mixed
        ? [...new Set(controlled.flatMap(({ managers }) => managers))].join(', ')
        : undefined,
  };
};

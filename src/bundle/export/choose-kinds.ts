import { didYouMean } from '../../core/did-you-mean.js';
import type { DroverError } from '../../core/error.js';
import type { KubeResource } from '../../core/ports/kube.js';
import { err, ok, partition, type Result } from '../../core/result.js';
import { isLeftOutKind } from '../leave-out/kinds.js';
import { kindName } from '../model/object-id.js';
import type { BundleFinding } from '../model/report.js';

export interface KindChoice {
  /** `Kind` or `Kind.group`; empty = all. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

interface Chosen {
  readonly kinds: readonly KubeResource[];
  readonly findings: readonly BundleFinding[];
}

/** Reading this group in its old version turns fields into annotations. */
const NEWEST: Readonly<Record<string, string>> = { 'HorizontalPodAutoscaler.autoscaling': 'v2' };

const canCarry = ({ verbs }: KubeResource): boolean =>
  ['get', 'list', 'create'].every((verb) => verbs.includes(verb));

const grouped = (served: readonly KubeResource[]): ReadonlyMap<string, readonly KubeResource[]> => {
  const groups = new Map<string, KubeResource[]>();
  for (const resource of served.filter(canCarry)) {
    const name = kindName(resource);
    const versions = groups.get(name);
    if (versions === undefined) groups.set(name, [resource]);
    else versions.push(resource);
  }
  return groups;
};

/** The kinds that a word of the user means: with its group, or any group when it says none. Plurals count, too. */
const meant = (
  word: string,
  groups: ReadonlyMap<string, readonly KubeResource[]>,
): Result<string[], DroverError> => {
  const wanted = word.toLowerCase();
  const found = [...groups].flatMap(([name, [first]]) => {
    const names = [
      name,
      first?.kind ?? '',
      first?.plural ?? '',
      `${first?.plural ?? ''}.${first?.group ?? ''}`,
    ];
    return names.some((each) => each.toLowerCase() === wanted) ? [name] : [];
  });
  if (found.length > 0) return ok(found);
  const near = didYouMean(word, [...groups.keys()]);
  return err({
    code: 'kind-unknown',
    message: `the source serves no kind ${word}`,
    state: 'nothing was done',
    hint: near === undefined ? '`kubectl api-resources` lists what it serves' : `did you mean ${near}?`,
  });
};

const version = (
  name: string,
  versions: readonly KubeResource[],
  target: readonly KubeResource[] | undefined,
) => {
  const wish = NEWEST[name];
  const ranked = [...versions].sort((a, b) => rank(b, wish) - rank(a, wish));
  const known = target?.filter((resource) => kindName(resource) === name);
  const shared = ranked.find((each) => known?.some((other) => other.version === each.version));
  return { resource: shared ?? ranked[0], shared: known === undefined || shared !== undefined, known };
};

const rank = (resource: KubeResource, wish: string | undefined): number =>
  resource.version === wish ? 2 : resource.preferred ? 1 : 0;

const notServed = (name: string, hasKind: boolean): BundleFinding => ({
  code: 'bundle-version-not-served',
  severity: 'warning',
  message: hasKind
    ? `the target serves ${name} in none of the versions that the source serves`
    : `the target does not serve ${name} yet`,
});

/**
 * Which kinds are carried, each in the version that the source prefers among those that the target serves too.
 * Without a target the preferred version of the source.
 */
export const chooseKinds = (
  served: readonly KubeResource[],
  target: readonly KubeResource[] | undefined,
  choice: KindChoice,
): Result<Chosen, readonly DroverError[]> => {
  const groups = grouped(served);
  const include = partition(choice.include.map((word) => meant(word, groups)));
  const exclude = partition(choice.exclude.map((word) => meant(word, groups)));
  const errors = [...include.errors, ...exclude.errors];
  if (errors.length > 0) return err(errors);
  const wanted = new Set(include.values.flat());
  const unwanted = new Set(exclude.values.flat());
  const findings: BundleFinding[] = [];
  const kinds = [...groups].flatMap(([name, versions]) => {
    const asked = wanted.size === 0 ? !isLeftOutKind(name) : wanted.has(name);
    if (!asked || unwanted.has(name)) return [];
    const { resource, shared, known } = version(name, versions, target);
    if (!shared) findings.push(notServed(name, (known?.length ?? 0) > 0));
    return resource === undefined ? [] : [resource];
  });
  return ok({ kinds, findings });
};

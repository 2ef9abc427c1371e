import type { DroverError } from '../core/error.js';
import { type Breach, checkPolicy } from '../diagnosis/policy/check-policy.js';
import { objectName } from '../diagnosis/policy/object.js';
import type { Cluster } from '../spec/cluster.js';
import { formatPath, type Path, parsePath, valueAt } from '../spec/path.js';
import type { ObjectSet } from '../steps/sets/object-set.js';

/** What the policy says about rendered objects. */
export interface SetVerdicts {
  /** Broken rules that are enforced: the plan is refused. */
  readonly errors: readonly DroverError[];
  readonly warnings: readonly DroverError[];
}

/** Sections of an application that a rule is about when the place in the object does not say it. */
const BY_RULE: Readonly<Record<string, string>> = {
  'require-probes': 'probes',
  'require-limits': 'resources',
  'no-latest-images': 'image',
  'no-stateful-services': 'image',
};

/** The variable whose value stands at a place of a rendered object. */
const variableAt = (object: unknown, path: Path): string | undefined => {
  const at = path.indexOf('env');
  const name = at < 0 ? undefined : valueAt(object, [...path.slice(0, at + 2), 'name']);
  return typeof name === 'string' ? name : undefined;
};

const ofApplication = (index: number, breach: Breach, object: unknown): Path => {
  const application: Path = ['spec', 'applications', index];
  const path = parsePath(breach.path);
  const variable = variableAt(object, path);
  if (variable !== undefined) return [...application, 'env', variable];
  const section = ['command', 'args'].find((member) => path.includes(member)) ?? BY_RULE[breach.rule];
  return section === undefined ? application : [...application, section];
};

/** The section of the spec that a set is rendered from. */
const sectionOf = ({ spec }: Cluster, { name: set }: ObjectSet): Path => {
  const [kind, namespace, name] = set.split('/');
  const isIt = (each: { readonly namespace: string; readonly name: string }): boolean =>
    each.namespace === namespace && each.name === name;
  if (kind === 'application') return ['spec', 'applications', spec.applications.findIndex(isIt)];
  const chart = spec.addons.charts.findIndex(isIt);
  return kind === 'chart' && chart >= 0 ? ['spec', 'addons', 'charts', chart] : ['spec'];
};

const errorOf = (breach: Breach, path: Path, cluster: Cluster): DroverError => {
  const location = cluster.locate(formatPath(path));
  return {
    code: 'plan-policy',
    message: `${breach.rule}: ${breach.object}: ${breach.text}`,
    ...(location === undefined ? {} : { location }),
    label: breach.rule,
    cause: `${breach.title}; it stands at ${breach.path} of the object`,
    hint: `${breach.fix}; or accept it until a day in spec.policy.exceptions`,
  };
};

/** The rules are for applications: agents of a cluster network and of monitoring have to be on every host's own network. */
const isJudged = ({ name }: ObjectSet): boolean =>
  !name.startsWith('network/') && !name.startsWith('monitoring/');

/**
 * Judges rendered objects by the policy of the spec: what it enforces is an error at the line that the object comes from.
 * Exceptions hold until their last day.
 * @param today ISO date
 */
export const judgeSets = (cluster: Cluster, sets: readonly ObjectSet[], today: string): SetVerdicts => {
  const errors: DroverError[] = [];
  const warnings: DroverError[] = [];
  for (const set of sets.filter(isJudged)) {
    const section = sectionOf(cluster, set);
    const byName = new Map(set.objects.map((object) => [objectName(object), object]));
    const subjects = set.objects.map((object) => ({ object }));
    for (const breach of checkPolicy(subjects, cluster.spec.policy, today)) {
      if (breach.accepted !== undefined) continue;
      const index = section[1] === 'applications' ? section[2] : undefined;
      const path =
        typeof index === 'number' ? ofApplication(index, breach, byName.get(breach.object)) : section;
      (breach.severity === 'error' ? errors : warnings).push(errorOf(breach, path, cluster));
    }
  }
  return { errors, warnings };
};

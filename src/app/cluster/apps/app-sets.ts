import { parseDuration } from '../../../core/duration.js';
import type { DroverError, DroverErrors } from '../../../core/error.js';
import type { Realm } from '../../../core/realm.js';
import { err, ok, type Result } from '../../../core/result.js';
import { imageReferences } from '../../../lab/build/images/recipes.js';
import { SOURCES } from '../../../lab/build/paths.js';
import type { WantedSet } from '../../../plan/set-stage.js';
import { missingClasses } from '../../../plan/storage-classes.js';
import type { Cluster } from '../../../spec/cluster.js';
import { type AppsInput, enabledApps } from '../../../steps/apps/input.js';
import {
  applicationSetName,
  applicationSets,
  namespaceSetName,
  namespaceSets,
} from '../../../steps/apps/render.js';
import type { World } from '../../../steps/step.js';
import { REVIEWER_SET } from '../../../steps/vault/reviewer-set.js';
import { absentHosts } from '../../lab/absent-hosts.js';

/** What applications are made of in this realm: in a lab, of the program that stands in for them. */
export type LabApps = AppsInput['lab'];

export const labApps = async (
  cluster: Cluster,
  at: { readonly realm: Realm; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<LabApps> => {
  if (at.realm.kind === 'real') return undefined;
  const [references, absent] = await Promise.all([imageReferences(SOURCES), absentHosts(cluster, at)]);
  const { standin: standIn, vault } = references.ok ? references.value : {};
  if (standIn === undefined || vault === undefined)
    throw new Error('the lab has no references for standin and vault');
  return { standIn, vault, absent };
};

export const appsInput = (cluster: Cluster, world: World, lab: LabApps): AppsInput => ({
  cluster,
  nodes: (world.cluster?.nodes ?? []).map(({ name, podRange }) => ({ name, podRange })),
  ...(lab === undefined ? {} : { lab }),
});

/** What the spec’s default means. */
const READY_MS = 300_000;
/** Seconds that an application's pods usually take; pulling images takes what it takes. */
const EXPECTED_SECONDS = 15;

/**
 * Applications with their namespaces, in the order of their needs. They do not wait for the ingress: their pods need none to
 * get ready, and whether their URLs answer is proven once everything is there.
 */
export const appSets = (input: AppsInput, world: World): Result<readonly WantedSet[], DroverErrors> => {
  const [first, ...more]: readonly DroverError[] = missingClasses(input.cluster, world.cluster);
  if (first !== undefined) return err([first, ...more]);
  const apps = enabledApps(input.cluster);
  const byName = new Map(apps.map((application) => [applicationSetName(application), application]));
  const rendered = applicationSets(input).flatMap((set): WantedSet[] => {
    const application = byName.get(set.name);
    if (application === undefined) return [];
    const needs = apps.filter(({ name }) => application.needs.includes(name));
    return [
      {
        set,
        after: [
          namespaceSetName(application.namespace),
          ...needs.map(applicationSetName),
          ...(application.vault === undefined ? [] : [REVIEWER_SET]),
        ],
        expected: { seconds: EXPECTED_SECONDS },
        readyMs: parseDuration(application.startsWithin) ?? READY_MS,
      },
    ];
  });
  const namespaces = namespaceSets(input).filter(({ objects }) => objects.length > 0);
  return ok([...namespaces.map((set) => ({ set, expected: { seconds: 2 } })), ...rendered]);
};

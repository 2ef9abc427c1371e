import { sha256 } from '../../core/canonical.js';
import type { KubeObject, KubeResource } from '../../core/ports/kube.js';
import type { Random } from '../../core/ports/random.js';
import { type ObjectSummary, summaryOf } from '../document/summary.js';
import type { ClusterIdentity } from '../identity.js';
import type { BundleEntry, BundleKind } from '../model/bundle-index.js';
import { idOf, idText, kindName } from '../model/object-id.js';
import { objectPath } from '../model/object-path.js';
import type { BundleFinding, LeftOut, ObjectReport } from '../model/report.js';
import { referencesOf } from '../references/find.js';
import { missingReferences } from '../references/missing.js';
import type { Reference } from '../references/reference.js';
import { sealObject } from '../seal/object.js';
import { objectYaml } from '../store/yaml-text.js';
import { type Carried, collector } from './collect.js';
import { objectFindings } from './object-findings.js';

export interface HarvestInput {
  readonly source: ClusterIdentity;
  readonly target: { readonly isK3s: boolean } | undefined;
  readonly namespaces: readonly string[];
  readonly nodePorts: 'own' | 'all';
  readonly random: Random;
  readonly key: Uint8Array;
  readonly places: ReadonlyMap<string, string>;
  /** All kinds that are read. */
  readonly looked: readonly KubeResource[];
  /** What choosing the kinds found. */
  readonly findings: readonly BundleFinding[];
  readonly put: (path: string, text: string) => Promise<void>;
}

/** Objects on their way from the API into files, and what is known about them at the end. */
export interface Harvest {
  readonly take: (object: KubeObject, resource: KubeResource) => Promise<void>;
  readonly finish: () => Promise<void>;
  readonly count: () => number;
  readonly entries: () => BundleEntry[];
  readonly kinds: () => BundleKind[];
  readonly result: () => {
    readonly summaries: readonly ObjectSummary[];
    readonly reports: readonly ObjectReport[];
    readonly leftOut: readonly LeftOut[];
    readonly findings: readonly BundleFinding[];
  };
}

const by =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : 1;

const RANK = { error: 0, warning: 1, info: 2 } as const;

export const harvest = (input: HarvestInput): Harvest => {
  const entries: BundleEntry[] = [];
  const summaries: ObjectSummary[] = [];
  const reports: ObjectReport[] = [];
  const found: BundleFinding[] = [...input.findings];
  const references = new Map<string, readonly Reference[]>();
  const resources = new Map<string, BundleKind>();

  const carry = async ({ object, uid, removed }: Carried): Promise<void> => {
    const id = idOf(object);
    const text = idText(id);
    const path = objectPath(id);
    const sealed = sealObject(object, { key: input.key, random: input.random, before: input.places });
    const yaml = objectYaml(sealed.object);
    await input.put(path, yaml);
    const { apiVersion, kind } = object;
    entries.push({
      path,
      apiVersion,
      kind,
      ...(id.namespace === undefined ? {} : { namespace: id.namespace }),
      name: id.name,
      uid,
      sha256: sha256(yaml),
      sealed: sealed.values,
    });
    summaries.push(summaryOf(object, path));
    references.set(text, referencesOf(object));
    if (removed.length > 0) reports.push({ object: text, removed: [...removed] });
    found.push(...objectFindings(object, input.source.server));
  };

  const judge = collector({
    namespaces: input.namespaces,
    nodePorts: input.nodePorts,
    targetIsK3s: input.target?.isK3s ?? input.source.distribution === 'k3s',
    carry,
  });

  return {
    take: (object, resource) => {
      const { group, version, kind, plural, namespaced } = resource;
      resources.set(kindName(resource), { group, version, kind, plural, namespaced });
      return judge.take(object);
    },
    finish: judge.finish,
    count: () => entries.length,
    entries: () => entries.sort(by(({ path }) => path)),
    kinds: () => {
      const used = new Set(
        entries.map(({ apiVersion, kind, name }) => kindName(idOf({ apiVersion, kind, metadata: { name } }))),
      );
      return [...resources]
        .filter(([name]) => used.has(name))
        .map(([, kind]) => kind)
        .sort(by(kindName));
    },
    result: () => {
      const carried = new Set(references.keys());
      const missing = missingReferences(references, {
        carried,
        seen: judge.seen,
        kinds: new Set(input.looked.map(kindName)),
      });
      const findings = [...found, ...missing].sort(
        by(({ severity, object, message }) => `${RANK[severity]} ${object ?? ''} ${message}`),
      );
      return {
        summaries: summaries.sort(by(({ path }) => path)),
        reports: reports.sort(by(({ object }) => object)),
        leftOut: [...judge.leftOut].sort(by(({ object }) => object)),
        findings,
      };
    },
  };
};

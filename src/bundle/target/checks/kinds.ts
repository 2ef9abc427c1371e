import { sentence } from '../../../core/text.js';
import { mapOf } from '../../clean/draft.js';
import type { CarriedObject } from '../../model/carried-object.js';
import { groupOf, idText, kindName } from '../../model/object-id.js';
import type { BundleFinding } from '../../model/report.js';
import type { CheckInput, TargetCheck } from '../model.js';
import { definedKinds, refAmong } from '../refs.js';

const unserved = (
  { target, carried, existing }: CheckInput,
  { key, object }: CarriedObject,
): readonly BundleFinding[] => {
  if (refAmong(target.kinds, object) !== undefined) return [];
  const group = groupOf(object.apiVersion);
  const kind = kindName({ group, kind: object.kind });
  const versions = target.kinds.filter((each) => kindName(each) === kind).map(({ version }) => version);
  const coming = definedKinds(carried.objects).filter((each) => kindName(each) === kind);
  // A definition that is there stays as it is unless it may be updated.
  const isComing = refAmong(coming, object) !== undefined && (versions.length === 0 || existing === 'update');
  if (isComing) return [];
  const known = [...new Set([...versions, ...coming.map(({ version }) => version)])];
  return known.length > 0
    ? [
        {
          code: 'target-version-missing',
          severity: 'error',
          object: key,
          message: `${object.apiVersion} is not served on the target; ${kind} is served as ${sentence(known)}`,
          hint: `export again with the target at hand, so that a version is chosen which both serve, or change apiVersion with a json-patch`,
        },
      ]
    : [
        {
          code: 'target-kind-missing',
          severity: 'error',
          object: key,
          message: `the target does not know ${kind}, and its definition is not carried`,
          hint: 'install the operator that brings the definition, or carry it: --include CustomResourceDefinition',
        },
      ];
};

/** Kinds and versions that the target serves, or will once carried definitions are there. */
export const kindsServed: TargetCheck = (input) => {
  const told = new Set<string>();
  return input.carried.objects.flatMap((carried) => {
    const name = `${carried.object.apiVersion} ${carried.object.kind}`;
    if (told.has(name)) return [];
    told.add(name);
    return unserved(input, carried);
  });
};

/** A namespace that nobody makes: nothing can be written into it. */
export const namespacesThere: TargetCheck = ({ carried, target }) => {
  const keys = new Set(carried.objects.map(({ key }) => key));
  const missing = new Map<string, string>();
  for (const { key, object } of carried.objects) {
    const { namespace } = object.metadata;
    const id = idText({ group: '', kind: 'Namespace', name: namespace ?? '' });
    if (namespace === undefined || keys.has(id) || target.live.has(id) || missing.has(namespace)) continue;
    missing.set(namespace, key);
  }
  return [...missing].map(([namespace, object]) => ({
    code: 'target-namespace-missing',
    severity: 'error',
    object,
    message: `the target has no namespace ${namespace}, and it is not carried`,
    hint: `kubectl create namespace ${namespace}, or carry it: --include Namespace`,
  }));
};

const minor = (version: string): number => {
  const [, major = '0', second = '0'] = /v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) * 1000 + Number(second);
};

/** An older API may lack fields; strict dry runs find them one by one. */
export const notOlder: TargetCheck = ({ source, target }) =>
  minor(target.identity.version) < minor(source.version)
    ? [
        {
          code: 'target-older',
          severity: 'warning',
          message: `the target runs ${target.identity.version}, the source ${source.version}: it may lack fields and defaults of the source`,
          hint: 'upgrade the target first, or look closely at what the dry run refuses',
        },
      ]
    : [];

/** Definitions in whose versions objects are stored that the definition on the target no longer serves. */
export const definitionsKept: TargetCheck = ({ carried, target, existing }) =>
  existing !== 'update'
    ? []
    : carried.objects.flatMap(({ key, object }): BundleFinding[] => {
        const live = object.kind === 'CustomResourceDefinition' ? target.live.get(key) : undefined;
        const stored = mapOf(live?.['status'])['storedVersions'];
        const own = definedKinds([{ key, object, references: [] }]).map(({ version }) => version);
        const lost = Array.isArray(stored)
          ? stored.map(String).filter((version) => !own.includes(version))
          : [];
        return lost.length === 0
          ? []
          : [
              {
                code: 'target-definition-older',
                severity: 'error',
                object: key,
                message: `the target stores objects of version ${sentence(lost)}, which the carried definition does not serve`,
                hint: 'leave the definition out: --exclude CustomResourceDefinition',
              },
            ];
      });

import type { KubeObject } from '../../core/ports/kube.js';
import { idOf, kindName } from '../model/object-id.js';
import type { RemovedField } from '../model/report.js';
import { type Draft, isMap, listOf, mapOf, newDraft, remove } from './draft.js';
import { cleanNodePorts } from './node-ports.js';
import { matches } from './pattern.js';
import { cleanPodSpec } from './pod-spec.js';
import { type Provenance, provenanceOf } from './provenance.js';
import type { StripRule } from './rule.js';
import { rulesByKind } from './rules-by-kind.js';
import { rulesEverywhere } from './rules-everywhere.js';

export interface CleanOptions {
  readonly nodePorts: 'own' | 'all';
}

export interface Cleaned {
  readonly object: KubeObject;
  readonly removed: readonly RemovedField[];
}

const applyRule = (draft: Draft, provenance: Provenance, rule: StripRule): void => {
  if (rule.when?.(draft.original) === false) return;
  for (const path of matches(draft.object, rule.path)) {
    if (rule.unlessPersons !== true || !provenance.isPersons(path)) remove(draft, path, rule);
  }
};

/** Computed from the claim's request by the volume's expansion: the larger one is what the data needs. */
const growClaim = (draft: Draft): void => {
  const capacity = mapOf(mapOf(draft.original['status'])['capacity'])['storage'];
  const requests = mapOf(mapOf(mapOf(draft.object['spec'])['resources'])['requests']);
  if (typeof capacity === 'string' && typeof requests['storage'] === 'string') {
    if (bytesOf(capacity) > bytesOf(requests['storage'])) requests['storage'] = capacity;
  }
};

const UNITS: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

const bytesOf = (quantity: string): number => {
  const [, number = '0', unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
};

/** Accounts list token secrets of their own, which do not move. */
const cleanAccount = (draft: Draft): void => {
  for (const [index, secret] of [...listOf(draft.object['secrets']).entries()].reverse()) {
    if (/-(token|dockercfg)-[a-z0-9]{5}$/.test(String(mapOf(secret)['name'])))
      remove(draft, ['secrets', index], { reason: 'computed' });
  }
  if (listOf(draft.object['secrets']).length === 0) Reflect.deleteProperty(draft.object, 'secrets');
};

const special: Readonly<Record<string, (draft: Draft) => void>> = {
  Pod: cleanPodSpec,
  PersistentVolumeClaim: growClaim,
  ServiceAccount: cleanAccount,
};

/** Empty containers are meaningful everywhere but here, where cleaning itself emptied them. */
const dropEmptied = (draft: Draft): void => {
  const metadata = mapOf(draft.object['metadata']);
  for (const key of ['annotations', 'labels']) {
    const value = metadata[key];
    const before = mapOf(draft.original.metadata)[key];
    if (isMap(value) && Object.keys(value).length === 0 && Object.keys(mapOf(before)).length > 0)
      Reflect.deleteProperty(metadata, key);
  }
};

/** Pod templates carry a creationTimestamp of null that no person wrote. */
const dropNullTimestamps = (draft: Draft): void => {
  for (const pattern of [
    ['spec', 'template', 'metadata', 'creationTimestamp'],
    ['spec', 'jobTemplate', 'metadata', 'creationTimestamp'],
    ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'creationTimestamp'],
  ])
    for (const path of matches(draft.object, pattern)) remove(draft, path, { reason: 'server-metadata' });
};

/** apiVersion and kind first, as people write it. */
const ordered = ({ apiVersion, kind, metadata, ...rest }: KubeObject): KubeObject => ({
  apiVersion,
  kind,
  metadata,
  ...rest,
});

/**
 * Takes out of an object what belongs to its cluster: first what managedFields say that controllers own, then what
 * the rules name. What a person wrote stays, meaningful empties included. Owner references are decided elsewhere,
 * because they depend on what else moves.
 */
export const clean = (original: KubeObject, options: CleanOptions): Cleaned => {
  const draft = newDraft(original);
  const provenance = provenanceOf(original);
  const kind = kindName(idOf(original));
  if (kind === 'Service') cleanNodePorts(draft, provenance, options.nodePorts);
  for (const { path, owner } of provenance.computed)
    remove(draft, path, { reason: 'owned-by-controller', owner });
  for (const rule of [...(rulesByKind[kind] ?? []), ...rulesEverywhere]) applyRule(draft, provenance, rule);
  special[kind]?.(draft);
  dropNullTimestamps(draft);
  dropEmptied(draft);
  return {
    object: ordered(draft.object as unknown as KubeObject),
    removed: draft.removed,
  };
};

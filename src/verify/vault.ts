import { parseDuration } from '../core/duration.js';
import type { Kube, KubeObject, KubeRef, PodRef } from '../core/ports/kube.js';
import { count, printable, sentence } from '../core/text.js';
import type { Cluster } from '../spec/cluster.js';
import {
  type Vault,
  type VaultApplication,
  vaultApplications,
  vaultPaths,
  vaultRole,
} from '../spec/vault.js';
import { AGENT_CONTAINER, CONFIG_FOLDER, INIT_CONTAINER, VERSIONS_FILE } from '../steps/vault/places.js';
import { type CheckResult, fail, passIf } from './check.js';
import { list, text } from './objects.js';
import { type Look, lookAgain, type Patience } from './patience.js';
import { PODS } from './resources.js';
import { agentTrouble } from './vault-log.js';

const SECRETS = {
  check: 'vault-secrets',
  title: 'Pods have the newest version of their secrets from Vault',
};
const REVIEWER = { check: 'vault-reviewer', title: 'Vault may ask this cluster whose a token is' };

const REVIEWS: KubeRef['resource'] = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'subjectaccessreviews',
};

export interface AskVault {
  readonly kube: Pick<Kube, 'get' | 'list' | 'create' | 'exec' | 'logs'>;
  readonly cluster: Cluster;
  readonly patience: Patience;
}

/** May the service account by which Vault asks do so? The API is asked what it would answer. */
export const checkReviewer = async ({
  kube,
  cluster,
  patience,
}: AskVault): Promise<readonly CheckResult[]> => {
  const { vault } = cluster.spec;
  if (vault === undefined) return [];
  const { namespace, name } = vault.auth.reviewer;
  const resourceAttributes = { group: 'authentication.k8s.io', resource: 'tokenreviews', verb: 'create' };
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: { name: '' },
    spec: { user: `system:serviceaccount:${namespace}:${name}`, resourceAttributes },
  };
  const part = { ...REVIEWER, to: `${namespace}/${name}` };
  const asked = await kube.create({ resource: REVIEWS }, review, { signal: patience.signal });
  if (!asked.ok) return [fail({ ...part, detail: asked.error.message })];
  const allowed = (asked.value['status'] as { readonly allowed?: boolean } | undefined)?.allowed === true;
  const detail = allowed ? 'it may create TokenReviews' : 'it may not create TokenReviews: no pod can log in';
  return [passIf(allowed, { ...part, detail })];
};

const statusOf = (pod: KubeObject, container: string): unknown =>
  list(pod, 'status', 'initContainerStatuses').find((each) => text(each, 'name') === container) ??
  list(pod, 'status', 'containerStatuses').find((each) => text(each, 'name') === container);

/** The first agent ends when all files are there; until then nothing else of the pod starts. */
const isFilled = (pod: KubeObject): boolean =>
  text(statusOf(pod, INIT_CONTAINER), 'state', 'terminated', 'reason') === 'Completed';

interface OnePod extends Omit<AskVault, 'patience'> {
  readonly application: VaultApplication;
  readonly vault: Vault;
  readonly pod: PodRef;
  readonly signal: AbortSignal;
}

const LOG_LINES = 60;

/** What a pod waits for; until its agent has said why, it may just have begun. */
const waiting = async ({ kube, cluster, application, vault, pod, signal }: OnePod): Promise<Look> => {
  const log = await kube.logs({ ...pod, container: INIT_CONTAINER }, { tailLines: LOG_LINES, signal });
  const trouble = log.ok ? agentTrouble(log.value) : undefined;
  const all = sentence(vaultPaths(application).map((path) => `${vault.mount}/${path}`));
  if (trouble === undefined) return { good: false, detail: `it waits for ${all}` };
  const role = vaultRole(cluster.name, application);
  const detail =
    trouble.path === undefined
      ? `${all}: it cannot log in with the role ${role}: ${trouble.why}`
      : `${trouble.path}: ${trouble.why}`;
  return { good: false, final: true, detail: `it waits for ${detail}` };
};

/** `3 shop/api` → shop/api, 3. */
const parseVersions = (told: string): ReadonlyMap<string, number> =>
  new Map(
    told.split('\n').flatMap((line): [string, number][] => {
      const [, version, path] = /^(\d+) (\S+)$/.exec(line.trim()) ?? [];
      return path === undefined ? [] : [[path, Number(version)]];
    }),
  );

/** The newest version in Vault, which the agent asks with the login that it has; or why it cannot. */
const newest = async ({ kube, vault, pod, signal }: OnePod, path: string): Promise<number | string> => {
  const command = [
    'vault',
    'read',
    `-address=${vault.address}`,
    ...(vault.ca === undefined ? [] : [`-ca-cert=${CONFIG_FOLDER}/ca.pem`]),
    ...(vault.namespace === undefined ? [] : [`-namespace=${vault.namespace}`]),
    '-field=current_version',
    `${vault.mount}/metadata/${path}`,
  ];
  const ran = await kube.exec({ ...pod, container: AGENT_CONTAINER }, command, { timeoutMs: 20_000, signal });
  if (!ran.ok) return ran.error.message;
  const told = ran.value.stdout.toString().trim();
  if (ran.value.status === 0 && /^\d+$/.test(told)) return Number(told);
  return agentTrouble(`vault.read(${path}) ${ran.value.stderr.toString()}`)?.why ?? 'no answer';
};

/** Compares what the pod has with what Vault has; no value is looked at. */
const compare = async (one: OnePod): Promise<Look> => {
  const { kube, application, pod, signal } = one;
  const at = { ...pod, container: AGENT_CONTAINER };
  const ran = await kube.exec(at, ['cat', VERSIONS_FILE], { timeoutMs: 20_000, signal });
  const has = ran.ok ? parseVersions(ran.value.stdout.toString()) : undefined;
  if (has === undefined)
    return { good: false, detail: `it does not tell what it has: ${ran.ok ? '' : ran.error.message}` };
  const looks = await Promise.all(
    vaultPaths(application).map(async (path): Promise<Look> => {
      const [own, wanted] = [has.get(path), await newest(one, path)];
      const kept = own === undefined ? `${path} is not there` : `version ${own} of ${path}`;
      if (own === wanted) return { good: true, detail: kept };
      if (typeof wanted === 'number') return { good: false, detail: `${kept}, Vault has version ${wanted}` };
      // Nothing is lost: the pod goes on with what it has.
      return { good: false, final: true, detail: `it keeps ${kept}; Vault: ${wanted}` };
    }),
  );
  const bad = looks.filter(({ good }) => !good);
  const told = (bad.length === 0 ? looks : bad).map(({ detail }) => detail);
  return { good: bad.length === 0, detail: sentence(told), final: bad.some(({ final }) => final === true) };
};

const hasAgent = (pod: KubeObject): boolean =>
  [...list(pod, 'spec', 'initContainers'), ...list(pod, 'spec', 'containers')].some(
    (each) => text(each, 'name') === AGENT_CONTAINER,
  );

const lookAt = async (one: OnePod): Promise<Look> => {
  const seen = await one.kube.get({ resource: PODS, ...one.pod }, { signal: one.signal });
  if (!seen.ok) return { good: false, final: true, detail: seen.error.message };
  if (!hasAgent(seen.value))
    return { good: false, final: true, detail: 'it has no agent: the injector has not put one into it' };
  return isFilled(seen.value) ? compare(one) : waiting(one);
};

const podsOf = async ({
  kube,
  application,
  signal,
}: Omit<OnePod, 'pod'>): Promise<readonly KubeObject[] | string> => {
  const { namespace, name } = application;
  const pods: KubeObject[] = [];
  const labelSelector = `app.kubernetes.io/name=${name}`;
  for await (const page of kube.list(PODS, { namespace, labelSelector, signal })) {
    if (!page.ok) return page.error.message;
    pods.push(...page.value.items);
  }
  return pods.filter(({ metadata }) => metadata['deletionTimestamp'] === undefined);
};

/** Agents ask in this time, and a little more for the asking itself. */
const SLACK_MS = 15_000;

const checkPod = (
  one: Omit<OnePod, 'pod'>,
  { metadata, ...rest }: KubeObject,
  patience: Patience,
): Promise<CheckResult> => {
  const { namespace, name } = one.application;
  const part = { ...SECRETS, node: text(rest, 'spec', 'nodeName'), to: `${namespace}/${name}` };
  const refresh = parseDuration(one.vault.agent.refresh) ?? 0;
  const limitMs = Math.min(patience.limitMs, refresh + SLACK_MS);
  const pod = { namespace, name: metadata.name };
  return lookAgain(part, () => lookAt({ ...one, pod }), { ...patience, limitMs });
};

/**
 * Every pod of applications that get something from Vault: whether its agent logged in, which version of each secret it has
 * written, and whether that is Vault's newest; a change that is on its way is waited for.
 */
export const checkVaultSecrets = async ({
  kube,
  cluster,
  patience,
}: AskVault): Promise<readonly CheckResult[]> => {
  const { vault } = cluster.spec;
  if (vault === undefined) return [];
  const results = vaultApplications(cluster).map(async (application): Promise<readonly CheckResult[]> => {
    const one = { kube, cluster, vault, application, signal: patience.signal };
    const pods = await podsOf(one);
    const part = { ...SECRETS, to: `${application.namespace}/${application.name}` };
    if (typeof pods === 'string') return [fail({ ...part, detail: printable(pods) })];
    if (pods.length === 0)
      return [
        fail({
          ...part,
          detail: `it has no pods; it waits for ${count(vaultPaths(application).length, 'secret')}`,
        }),
      ];
    return Promise.all(pods.map((pod) => checkPod(one, pod, patience)));
  });
  return (await Promise.all(results)).flat();
};

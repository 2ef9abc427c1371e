import type { Kube, KubeObject, KubeRef } from '../../../core/ports/kube.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { StepFailure } from '../../failure.js';
import type { GuardContext } from '../../guard.js';
import { failureOfKube } from '../../kube-failure.js';
import {
  type GuardObjects,
  NAME_PREFIX,
  namespaceObject,
  OWNER_SELECTOR,
  proberSet,
  serviceObject,
} from './objects.js';
import type { PairsParams } from './params.js';

const core = (plural: string): KubeRef['resource'] => ({ group: '', version: 'v1', plural });
const NAMESPACES = core('namespaces');
const SERVICES = core('services');
const ACCOUNTS = core('serviceaccounts');
const DAEMON_SETS: KubeRef['resource'] = { group: 'apps', version: 'v1', plural: 'daemonsets' };

/** Controllers give a new namespace its account; without a leader that takes a while. */
const ACCOUNT_MS = 60_000;
const LOOK_MS = 200;

const make = async (
  kube: Kube,
  resource: KubeRef['resource'],
  object: KubeObject,
  signal: AbortSignal,
): Promise<Result<KubeObject, StepFailure>> => {
  const { name, namespace } = object.metadata;
  const made = await kube.create({ resource, ...(namespace === undefined ? {} : { namespace }) }, object, {
    signal,
  });
  return made.ok ? made : err(failureOfKube(made.error, `cannot make ${object.kind} ${name}`));
};

const waitForAccount = async (
  kube: Kube,
  namespace: string,
  { clock, signal }: Pick<GuardContext, 'clock' | 'signal'>,
): Promise<void> => {
  const begun = clock.monotonic();
  while (!signal.aborted && clock.monotonic() - begun < ACCOUNT_MS) {
    const found = await kube.get({ resource: ACCOUNTS, namespace, name: 'default' }, { signal });
    // When it never comes, the DaemonSets try again by themselves.
    if (found.ok) return;
    await clock.delay(LOOK_MS, signal).catch(() => undefined);
  }
};

/** Probers that a killed Drover left: nothing but one run at a time works on a cluster, so whatever is there is nobody's. */
export const removeOthers = async (
  kube: Kube,
  own: string | undefined,
  signal: AbortSignal,
): Promise<void> => {
  for await (const page of kube.list(NAMESPACES, { labelSelector: OWNER_SELECTOR, signal })) {
    if (!page.ok) return;
    for (const { metadata } of page.value.items) {
      const { name } = metadata;
      if (!name.startsWith(NAME_PREFIX) || name === own || metadata['deletionTimestamp'] !== undefined)
        continue;
      await kube.delete({ resource: NAMESPACES, name }, { signal });
    }
  }
};

/** Makes the probers of all nodes. Whoever calls removes the namespace, whatever happens here. */
export const makeProbers = async (
  context: Pick<GuardContext, 'kube' | 'clock' | 'signal'>,
  objects: GuardObjects,
  params: PairsParams,
): Promise<Result<void, StepFailure>> => {
  const { signal } = context;
  const opened = await context.kube();
  if (!opened.ok) return opened;
  const kube = opened.value;
  await removeOthers(kube, objects.namespace, signal);
  const namespace = await make(kube, NAMESPACES, namespaceObject(objects), signal);
  if (!namespace.ok) return namespace;
  const service = await make(kube, SERVICES, serviceObject(objects), signal);
  if (!service.ok) return service;
  await waitForAccount(kube, objects.namespace, context);
  const { dns, name, out } = params.services;
  const spec = service.value['spec'] as { readonly clusterIP?: string } | undefined;
  const settings = {
    everyMs: params.everyMs,
    service: spec?.clusterIP ?? '',
    dns,
    dnsName: name,
    out: out === null ? '' : `${out.host}:${out.port}`,
  };
  for (const kind of ['pod', 'host'] as const) {
    const made = await make(kube, DAEMON_SETS, proberSet(kind, objects, settings), signal);
    if (!made.ok) return made;
  }
  return ok(undefined);
};

/** How long an API that is away is waited for, and between two attempts. */
const REMOVE_MS = 75_000;
const AGAIN_MS = 1_000;

/** Asks for the end of the probers, and waits for that of nothing. What an API that stays away leaves is for the next run. */
export const removeProbers = async (
  { kube, clock, hard }: Pick<GuardContext, 'kube' | 'clock' | 'hard'>,
  namespace: string,
): Promise<void> => {
  const begun = clock.monotonic();
  while (hard?.aborted !== true && clock.monotonic() - begun < REMOVE_MS) {
    const opened = await kube();
    const options = { propagation: 'Background' } as const;
    const gone = opened.ok
      ? await opened.value.delete({ resource: NAMESPACES, name: namespace }, options)
      : undefined;
    if (gone?.ok === true || gone?.error.kind === 'not-found') return;
    await clock.delay(AGAIN_MS, hard).catch(() => undefined);
  }
};

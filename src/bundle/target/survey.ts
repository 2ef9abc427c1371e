import pLimit from 'p-limit';
import type { DroverError } from '../../core/error.js';
import type { KubeFailure, KubeObject, KubeRef, KubeResource } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { type ClusterIdentity, kubeError } from '../identity.js';
import type { CarriedObject } from '../model/carried-object.js';
import { idOf, idText, kindName, type ObjectId } from '../model/object-id.js';
import { askImages } from './ask-images.js';
import type { Resources, TargetAccess, TargetView } from './model.js';
import { addPod, NO_RESOURCES } from './requests.js';

/** Kinds of which everything is read, whatever is carried: classes, what has room, and what may refuse. */
const SURVEYED = [
  'Namespace',
  'Node',
  'Service',
  'ResourceQuota',
  'StorageClass.storage.k8s.io',
  'IngressClass.networking.k8s.io',
  'PriorityClass.scheduling.k8s.io',
  'RuntimeClass.node.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'EndpointSlice.discovery.k8s.io',
] as const;

type Take = (object: KubeObject) => void;

interface Reading {
  readonly access: TargetAccess;
  readonly kinds: readonly KubeResource[];
}

/** Version in which a kind is read: the server's preferred one. */
const resourceOf = (kinds: readonly KubeResource[], name: string): KubeResource | undefined => {
  const all = kinds.filter((kind) => kindName(kind) === name && kind.verbs.includes('list'));
  return all.find(({ preferred }) => preferred) ?? all[0];
};

const readAll = async (
  { access, kinds }: Reading,
  name: string,
  take: Take,
): Promise<KubeFailure | undefined> => {
  const resource = resourceOf(kinds, name);
  if (resource === undefined) return undefined;
  for await (const page of access.kube.list(resource, { signal: access.signal })) {
    if (!page.ok) return page.error;
    // Items of lists do not say what they are.
    for (const item of page.value.items)
      take({
        ...item,
        apiVersion: [resource.group, resource.version].filter(Boolean).join('/'),
        kind: resource.kind,
      });
  }
  return undefined;
};

const denied = ({ kind }: KubeFailure): boolean => kind === 'forbidden';

interface Survey {
  readonly live: Map<string, KubeObject>;
  readonly lists: Map<string, readonly KubeObject[]>;
  readonly unread: string[];
  requested: Resources | undefined;
}

/** What carried objects name and nobody carries, if the target serves its kind. */
const namedElsewhere = (
  carried: readonly CarriedObject[],
  kinds: readonly KubeResource[],
): readonly { readonly id: ObjectId; readonly ref: KubeRef }[] => {
  const keys = new Set(carried.map(({ key }) => key));
  const wanted = new Map<string, ObjectId>();
  for (const { references } of carried)
    for (const { to } of references) if (!keys.has(idText(to))) wanted.set(idText(to), to);
  return [...wanted.values()].flatMap((id) => {
    const resource = resourceOf(kinds, kindName(id));
    if (resource === undefined || (SURVEYED as readonly string[]).includes(kindName(id))) return [];
    const { name, namespace } = id;
    return [{ id, ref: { resource, name, ...(namespace === undefined ? {} : { namespace }) } }];
  });
};

const listError = (name: string, failure: KubeFailure): DroverError =>
  denied(failure)
    ? {
        code: 'target-forbidden',
        message: `the account may not list ${name} on the target, so nobody knows what is there already`,
        cause: failure.message,
        state: 'nothing was changed',
        hint: 'give it get, list, create, patch and delete of every kind that is carried, or use another context',
      }
    : kubeError('target-api', `${name} of the target cannot be read`, failure);

/** Reads what of the carried objects is there already. */
const readLive = async (
  reading: Reading,
  carried: readonly CarriedObject[],
  { live }: Survey,
): Promise<DroverError | undefined> => {
  const wanted = new Set(carried.map(({ key }) => key));
  const limit = pLimit(reading.access.concurrency);
  const names = [...new Set(carried.map(({ object }) => kindName(idOf(object))))];
  const failures = await Promise.all(
    names.map((name) =>
      limit(async () => {
        const failure = await readAll(reading, name, (object) => {
          const key = idText(idOf(object));
          if (wanted.has(key)) live.set(key, object);
        });
        return failure === undefined ? undefined : listError(name, failure);
      }),
    ),
  );
  const elsewhere = namedElsewhere(carried, reading.kinds);
  await Promise.all(
    elsewhere.map(({ id, ref }) =>
      limit(async () => {
        const { access } = reading;
        const found = await access.persist(() => access.kube.get(ref, { signal: access.signal }));
        if (found.ok) live.set(idText(id), found.value);
      }),
    ),
  );
  return failures.find((failure) => failure !== undefined);
};

/** Reads kinds as a whole; those that may not be read are only noted. */
const readLists = async (reading: Reading, survey: Survey): Promise<DroverError | undefined> => {
  const failures = await Promise.all(
    SURVEYED.map(async (name) => {
      const all: KubeObject[] = [];
      const failure = await readAll(reading, name, (object) => {
        all.push(object);
        survey.live.set(idText(idOf(object)), object);
      });
      if (failure === undefined) survey.lists.set(name, all);
      else if (denied(failure)) survey.unread.push(name);
      else return listError(name, failure);
      return undefined;
    }),
  );
  let requested = NO_RESOURCES;
  const failure = await readAll(reading, 'Pod', (pod) => {
    requested = addPod(requested, pod);
  });
  if (failure === undefined) survey.requested = requested;
  else if (denied(failure)) survey.unread.push('Pod');
  else return listError('Pod', failure);
  return failures.find((each) => each !== undefined);
};

/** Reads everything about the target that judging the carried objects takes. Reads alone. */
export const surveyTarget = async (
  access: TargetAccess,
  identity: ClusterIdentity,
  carried: readonly CarriedObject[],
): Promise<Result<TargetView, DroverError>> => {
  const kinds = await access.persist(() => access.kube.discover({ signal: access.signal }));
  if (!kinds.ok) return err(kubeError('target-api', 'the kinds of the target cannot be read', kinds.error));
  const survey: Survey = { live: new Map(), lists: new Map(), unread: [], requested: undefined };
  const reading = { access, kinds: kinds.value };
  const failed = (await readLists(reading, survey)) ?? (await readLive(reading, carried, survey));
  if (failed !== undefined) return err(failed);
  const { live, lists, unread, requested } = survey;
  const images = await askImages({ ...access, carried, lists });
  return ok({ identity, kinds: kinds.value, live, lists, requested, unread: unread.sort(), images });
};

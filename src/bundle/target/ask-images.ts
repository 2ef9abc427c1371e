import pLimit from 'p-limit';
import type { ImageAnswer, ImageRegistry, RegistryLogin } from '../../core/ports/image-registry.js';
import { listOf, mapOf } from '../clean/draft.js';
import type { CarriedObject } from '../model/carried-object.js';
import { idText } from '../model/object-id.js';
import { containersOf, podSpecOf } from '../references/pod-template.js';
import { wholeImage } from '../transform/image-registry.js';
import type { TargetAccess, TargetView } from './model.js';

/** Where an image is used, and the Secrets that its pods pull with, as keys of carried objects. */
export interface UsedImage {
  readonly image: string;
  readonly by: string;
  readonly pullSecrets: readonly string[];
}

/** Images under their whole names that carried workloads run, each where it is used first. */
export const usedImages = (carried: readonly CarriedObject[]): readonly UsedImage[] => {
  const used = new Map<string, UsedImage>();
  for (const { key, object } of carried) {
    const pod = podSpecOf(object);
    if (pod === undefined) continue;
    const { namespace = '' } = object.metadata;
    const pullSecrets = listOf(pod.spec['imagePullSecrets']).map((each) =>
      idText({ group: '', kind: 'Secret', namespace, name: String(mapOf(each)['name']) }),
    );
    for (const { container } of containersOf(pod)) {
      const { image } = container;
      if (typeof image !== 'string' || used.has(wholeImage(image))) continue;
      used.set(wholeImage(image), { image: wholeImage(image), by: key, pullSecrets });
    }
  }
  return [...used.values()];
};

/** Names under which nodes have images already. */
const onNodes = (nodes: readonly unknown[]): ReadonlySet<string> =>
  new Set(
    nodes.flatMap((node) =>
      listOf(mapOf(mapOf(node)['status'])['images']).flatMap((image) =>
        listOf(mapOf(image)['names']).map(String),
      ),
    ),
  );

export const registryOf = (image: string): string => image.slice(0, image.indexOf('/'));

/** The login for a registry in a pull secret; registries are named there with or without scheme and path. */
const loginIn = (secret: CarriedObject | undefined, registry: string): RegistryLogin | undefined => {
  const config = mapOf(secret?.object['data'])['.dockerconfigjson'];
  if (typeof config !== 'string') return undefined;
  try {
    const { auths } = mapOf(JSON.parse(Buffer.from(config, 'base64').toString()));
    const name = (key: string): string => key.replace(/^https?:\/\//, '').split('/')[0] ?? '';
    const [, found] = Object.entries(mapOf(auths)).find(([key]) => name(key) === registry) ?? [];
    const { auth, username, password } = mapOf(found);
    if (typeof username === 'string' && typeof password === 'string') return { username, password };
    const [user = '', ...rest] = Buffer.from(typeof auth === 'string' ? auth : '', 'base64')
      .toString()
      .split(':');
    return user === '' ? undefined : { username: user, password: rest.join(':') };
  } catch {
    return undefined;
  }
};

export interface AskImagesInput {
  readonly carried: readonly CarriedObject[];
  readonly lists: TargetView['lists'];
  readonly registry: ImageRegistry;
  readonly signal: AbortSignal;
  readonly concurrency: TargetAccess['concurrency'];
}

/**
 * Asks registries for images that no node of the target has yet. The first image of a registry goes ahead: when it does
 * not answer for that one, it is not asked for others.
 */
export const askImages = async (input: AskImagesInput): Promise<ReadonlyMap<string, ImageAnswer>> => {
  const { carried, lists, registry, signal, concurrency } = input;
  const there = onNodes(lists.get('Node') ?? []);
  const secrets = new Map(carried.map((each) => [each.key, each]));
  const answers = new Map<string, ImageAnswer>();
  const limit = pLimit(concurrency);
  const ask = async ({ image, pullSecrets }: UsedImage): Promise<ImageAnswer> => {
    const login = pullSecrets
      .map((key) => loginIn(secrets.get(key), registryOf(image)))
      .find((each) => each !== undefined);
    const answer = await limit(() => registry.ask(image, login, signal));
    answers.set(image, answer);
    return answer;
  };
  const byRegistry = new Map<string, UsedImage[]>();
  for (const each of usedImages(carried)) {
    if (there.has(each.image) || there.has(`${each.image}:latest`)) continue;
    const name = registryOf(each.image);
    byRegistry.set(name, [...(byRegistry.get(name) ?? []), each]);
  }
  await Promise.all(
    [...byRegistry.values()].map(async ([first, ...rest]) => {
      const answer = first === undefined ? undefined : await ask(first);
      if (answer?.kind === 'unknown') for (const { image } of rest) answers.set(image, answer);
      else await Promise.all(rest.map(ask));
    }),
  );
  return answers;
};

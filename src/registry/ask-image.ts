import type { ImageAnswer, ImageRegistry, RegistryLogin } from '../core/ports/image-registry.js';
import { printable } from '../core/text.js';
import { type ImageName, imageName } from './image-name.js';

/** A registry that does not answer within this time is not waited for: a plan has better things to do. */
const ANSWER_MS = 5_000;

const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const basic = ({ username, password }: RegistryLogin): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Members of a challenge: `Bearer realm="https://auth.example/token",service="registry"`. */
const challengeOf = (header: string): ReadonlyMap<string, string> =>
  new Map([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]));

/** A login goes to the registry’s own place for tokens, over the same or a safer way. */
const mayLogIn = (realm: URL, base: URL): boolean => realm.protocol === 'https:' || realm.host === base.host;

interface Asking {
  readonly name: ImageName;
  readonly login: RegistryLogin | undefined;
  readonly signal: AbortSignal;
}

/** What to log in with after a refusal, by the distribution specification’s token scheme; undefined = nothing helps. */
const authorizationFor = async (
  header: string,
  { name, login, signal }: Asking,
): Promise<string | undefined> => {
  if (/^basic/i.test(header)) return login === undefined ? undefined : basic(login);
  const challenge = challengeOf(header);
  const realm = challenge.get('realm');
  if (!/^bearer/i.test(header) || realm === undefined || !URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  const service = challenge.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', `repository:${name.repository}:pull`);
  const safe = login !== undefined && mayLogIn(url, new URL(name.base));
  const answer = await fetch(url, { signal, headers: safe ? { authorization: basic(login) } : {} });
  if (!answer.ok) return undefined;
  const { token, access_token: other } = (await answer.json()) as Record<string, unknown>;
  const given = token ?? other;
  return typeof given === 'string' ? `Bearer ${given}` : undefined;
};

const answerOf = (status: number): ImageAnswer => {
  const detail = `HTTP ${status}`;
  if (status >= 200 && status < 300) return { kind: 'there' };
  if (status === 404) return { kind: 'absent', detail };
  return status === 401 || status === 403 ? { kind: 'denied', detail } : { kind: 'unknown', detail };
};

const head = async (asking: Asking): Promise<ImageAnswer> => {
  const { name, signal } = asking;
  const url = `${name.base}/v2/${name.repository}/manifests/${name.reference}`;
  const request = (authorization: Record<string, string>): Promise<Response> =>
    fetch(url, { method: 'HEAD', signal, headers: { accept: ACCEPT, ...authorization } });
  const first = await request({});
  if (first.status !== 401) return answerOf(first.status);
  const authorization = await authorizationFor(first.headers.get('www-authenticate') ?? '', asking);
  if (authorization === undefined) return answerOf(first.status);
  return answerOf((await request({ authorization })).status);
};

const reasonOf = (reason: unknown): string => {
  const { message, cause } = reason as Error;
  return printable(cause instanceof Error ? cause.message : message);
};

/** Asks registries by the distribution specification’s own API: https://github.com/opencontainers/distribution-spec. */
export const imageRegistry: ImageRegistry = {
  ask: async (image, login, signal) => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    try {
      return await head({ name: imageName(image), login, signal: limited });
    } catch (reason) {
      return { kind: 'unknown', detail: reasonOf(reason) };
    }
  },
};

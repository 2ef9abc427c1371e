import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { canonicalJson } from '../core/canonical.js';
import type { SecretFailure, Secrets } from '../core/ports/secrets.js';
import { err, ok, type Result } from '../core/result.js';

export interface StoreOptions {
  /** File of the store: JSON, handle → armored age message. May lie beside the spec in version control. */
  readonly path: string;
  readonly identity: string;
  /** Everybody who may read: the operator's own recipient and those of the spec. */
  readonly recipients: readonly string[];
}

type Store = Record<string, string>;

const readStore = async (path: string): Promise<Result<Store, SecretFailure>> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason && reason.code === 'ENOENT') return ok({});
    return err({ code: 'secret-store-failed', message: `cannot read ${path}: ${String(reason)}` });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return ok(value as Store);
  } catch {
    // Falls through to the failure below: a damaged store must never be taken for an empty one.
  }
  return err({
    code: 'secret-store-failed',
    message: `${path} is not a store of secrets`,
    hint: 'put the file back from its backup',
  });
};

const writeStore = async (path: string, store: Store): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(own, 'wx', 0o600);
  await file.writeFile(`${canonicalJson(store).replaceAll('","', '",\n"')}\n`);
  await file.sync();
  await file.close();
  await rename(own, path);
};

const seal = async (value: Uint8Array, recipients: readonly string[]): Promise<string> => {
  const { armor, Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(value));
};

const unseal = async (text: string, identity: string): Promise<Uint8Array> => {
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(armor.decode(text));
};

/** Secrets of one cluster in one file, each value encrypted for all recipients before it touches the disk. */
export const openSecrets = (options: StoreOptions): Secrets => {
  let last: Promise<unknown> = Promise.resolve();
  const serial = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };

  const get: Secrets['get'] = async (handle) => {
    const store = await readStore(options.path);
    if (!store.ok) return store;
    const sealed = store.value[handle];
    if (sealed === undefined)
      return err({ code: 'secret-missing', message: `there is no secret ${handle} in ${options.path}` });
    try {
      return ok(await unseal(sealed, options.identity));
    } catch {
      return err({
        code: 'secret-unreadable',
        message: `this identity cannot open the secret ${handle}`,
        hint: 'somebody who can must add your recipient to spec.secrets.recipients and apply',
      });
    }
  };

  const keep = async (handle: string, value: Uint8Array): Promise<Result<void, SecretFailure>> => {
    const store = await readStore(options.path);
    if (!store.ok) return store;
    await writeStore(options.path, { ...store.value, [handle]: await seal(value, options.recipients) });
    return ok(undefined);
  };

  return {
    get,
    ensure: (handle, make) =>
      serial(async () => {
        const found = await get(handle);
        if (found.ok || found.error.code !== 'secret-missing') return found;
        const value = make();
        const kept = await keep(handle, value);
        return kept.ok ? ok(value) : kept;
      }),
    put: (handle, value) => serial(() => keep(handle, value)),
    handles: async () => {
      const store = await readStore(options.path);
      return store.ok ? ok(Object.keys(store.value).sort()) : store;
    },
  };
};

import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SecretFailure } from '../core/ports/secrets.js';
import { err, ok, type Result } from '../core/result.js';

export interface Identity {
  /** AGE-SECRET-KEY-… */
  readonly identity: string;
  /** age1… */
  readonly recipient: string;
  /** It was made just now. */
  readonly created: boolean;
}

const secretLine = (text: string): string | undefined =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line.startsWith('AGE-SECRET-KEY-'));

const recipientOf = async (identity: string): Promise<string> =>
  (await import('age-encryption')).identityToRecipient(identity);

const isMissing = (reason: unknown): boolean =>
  reason instanceof Error && 'code' in reason && reason.code === 'ENOENT';

/** Writes under another name first: of two processes that make an identity at once, both end with the same one. */
const createFile = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(own, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await link(own, path).catch((reason: unknown) => {
    if (!(reason instanceof Error && 'code' in reason && reason.code === 'EEXIST')) throw reason;
  });
  await rm(own);
};

/**
 * The operator's age identity (the format of `age-keygen`), made on first use with mode 0600. Whoever loses it
 * loses the secrets, unless the spec names a second recipient.
 */
export const loadIdentity = async (path: string): Promise<Result<Identity, SecretFailure>> => {
  let created = false;
  for (;;) {
    try {
      const identity = secretLine(await readFile(path, 'utf8'));
      if (identity === undefined) {
        return err({
          code: 'secret-unreadable',
          message: `${path} holds no age identity`,
          hint: 'put the file back from its backup; age-keygen prints the format',
        });
      }
      return ok({ identity, recipient: await recipientOf(identity), created });
    } catch (reason) {
      if (!isMissing(reason))
        return err({ code: 'secret-unreadable', message: `cannot read ${path}: ${String(reason)}` });
    }
    const { generateIdentity } = await import('age-encryption');
    const identity = await generateIdentity();
    await createFile(
      path,
      `# age identity of Drover: keep a copy in a safe place\n# public key: ${await recipientOf(identity)}\n${identity}\n`,
    );
    created = true;
  }
};

import type { KeyWrap } from '../core/ports/key-wrap.js';
import { err, ok } from '../core/result.js';

/** Wraps keys with age: every recipient can unwrap with the identity of their own. */
export const ageKeyWrap = (identity: string, recipients: readonly string[]): KeyWrap => ({
  recipients,
  wrap: async (key) => {
    const { armor, Encrypter } = await import('age-encryption');
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    return armor.encode(await encrypter.encrypt(key));
  },
  unwrap: async (text) => {
    const { armor, Decrypter } = await import('age-encryption');
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    try {
      return ok(await decrypter.decrypt(armor.decode(text)));
    } catch {
      return err({
        code: 'secret-unreadable',
        message: 'this identity is no recipient of the key, or the key is damaged',
      });
    }
  },
});

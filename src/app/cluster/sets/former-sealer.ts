import { KEY_BYTES, openValue, sealValue } from '../../../bundle/seal/value.js';
import type { Json } from '../../../core/canonical.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { StepFailure } from '../../../steps/failure.js';
import type { Sealer } from '../../../steps/objects/source.js';
import type { ClusterTools } from '../tools.js';

/** Handle of the key in the store of secrets: made once per cluster, kept for ever, never shown. */
const HANDLE = 'former-states-key';

/** Seals states of objects with a key from the cluster's store of secrets, which the servers have a sealed copy of. */
export const formerSealer = async ({
  secrets,
  random,
}: Pick<ClusterTools, 'secrets' | 'random'>): Promise<Result<Sealer, StepFailure>> => {
  const key = await secrets.ensure(HANDLE, () => random.bytes(KEY_BYTES));
  if (!key.ok) return err({ class: 'permanent', code: 'secret-unreadable', message: key.error.message });
  return ok({
    seal: (place, value) => sealValue(key.value, place, JSON.stringify(value), random),
    open: (place, sealed) => {
      const text = openValue(key.value, place, sealed);
      return text === undefined ? undefined : (JSON.parse(text) as Json);
    },
  });
};

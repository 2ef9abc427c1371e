import { expect, it } from 'vitest';
import { formerSealer } from '../../../../src/app/cluster/sets/former-sealer.js';
import { ok } from '../../../../src/core/result.js';
import { openFormer, sealFormer } from '../../../../src/steps/objects/former.js';
import { systemRandom } from '../../../support/ports.js';

const store = () => {
  const values = new Map<string, Uint8Array>();
  return {
    ensure: (handle: string, make: () => Uint8Array) => {
      values.set(handle, values.get(handle) ?? make());
      return Promise.resolve(ok(values.get(handle) ?? make()));
    },
    get: () => Promise.reject(new Error('not asked')),
    put: () => Promise.reject(new Error('not asked')),
    handles: () => Promise.resolve(ok([...values.keys()])),
  };
};
const live = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', uid: 'u1' },
  data: { password: 'hush' },
};
const place = { run: 'r1', key: 'shop/ConfigMap/a' };

it('seals states so that the journal shows nothing of them, and opens them again in another process', async () => {
  const secrets = store();
  const [one, two] = [
    await formerSealer({ secrets, random: systemRandom }),
    await formerSealer({ secrets, random: systemRandom }),
  ];
  if (!one.ok || !two.ok) throw new Error('no sealer');
  const former = sealFormer(one.value, place, live);
  expect(JSON.stringify(former)).not.toContain('hush');
  expect(openFormer(two.value, place, former)).toEqual(ok(live));
});

it('opens no state elsewhere than where it stood, and none of another cluster', async () => {
  const [one, other] = [
    await formerSealer({ secrets: store(), random: systemRandom }),
    await formerSealer({ secrets: store(), random: systemRandom }),
  ];
  if (!one.ok || !other.ok) throw new Error('no sealer');
  const former = sealFormer(one.value, place, live);
  expect(openFormer(one.value, { ...place, run: 'r2' }, former)).toMatchObject({
    error: { code: 'objects-former-sealed' },
  });
  expect(openFormer(other.value, place, former)).toMatchObject({ error: { code: 'objects-former-sealed' } });
});

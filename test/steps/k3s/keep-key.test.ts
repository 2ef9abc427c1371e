import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/canonical.js';
import { ok } from '../../../src/core/result.js';
import type { HostEffects } from '../../../src/steps/effects.js';
import { KEY_FILE, k3sKeepKey } from '../../../src/steps/k3s/keep-key.js';
import type { ApplyContext, VerifyContext, World } from '../../../src/steps/step.js';
import { noOperator } from '../../support/no-operator.js';
import { secretStore } from '../../support/secret-store.js';

const KEY = '{"resources":[{"providers":[{"aescbc":{"keys":[{"name":"k","secret":"c2VjcmV0"}]}}]}]}';
const HOSTS = ['server-1', 'server-2'];

/** Servers with these key files, and a store of secrets. */
const rig = (keys: Readonly<Record<string, string | undefined>>) => {
  const { store, ...secrets } = secretStore();
  const read =
    (host: string): HostEffects['read'] =>
    (script) => {
      const key = keys[host];
      const sum = key === undefined ? '' : `${sha256(key)}  ${KEY_FILE}\n`;
      return Promise.resolve(
        ok({ status: 0, stdout: script.includes('sha256sum') ? sum : (key ?? ''), stderr: '' }),
      );
    };
  const context = {
    subject: { hosts: HOSTS },
    operator: { ...noOperator, secretHandles: () => Promise.resolve([...store.keys()]) },
    on: (host: string) => ({ read: read(host) }) as unknown as HostEffects,
    read: (host: string) => ({ read: read(host) }),
    ...secrets,
  } as unknown as ApplyContext & VerifyContext;
  const world = (): World => {
    const hosts = HOSTS.map((name) => {
      const key = keys[name];
      const files = key === undefined ? {} : { [KEY_FILE]: { digest: sha256(key) } };
      return [name, { sections: { files: { value: files } } }] as const;
    });
    return { hosts: new Map(hosts), operator: { artifacts: [], secrets: [...store.keys()] } } as never;
  };
  const state = () => k3sKeepKey.observe(world(), context.subject, { expected: true });
  return {
    store,
    context,
    changes: (expected: boolean) => k3sKeepKey.diff(state(), { expected }),
    apply: (expected: boolean) => k3sKeepKey.apply(context, { expected }, state()),
    verify: () => k3sKeepKey.verify(context, { expected: true }),
  };
};

const CHANGE = { kind: 'add', what: 'copy of the encryption key of K3s', sensitive: true };

describe('k3s.keep-key', () => {
  it('keeps one copy of the key that all servers share, then has nothing to do', async () => {
    const { changes, apply, verify, store } = rig({ 'server-1': KEY, 'server-2': KEY });
    expect(changes(true)).toEqual([CHANGE]);
    expect(await verify()).toMatchObject({ ok: false });
    expect(await apply(true)).toEqual(ok({}));
    expect(changes(true)).toEqual([]);
    expect([...store].map(([handle, value]) => [handle, Buffer.from(value).toString()])).toEqual([
      [`encryption-key-${sha256(KEY).slice(0, 16)}`, KEY],
    ]);
    expect(await verify()).toEqual(
      ok({ text: 'the encryption keys of 2 servers are in the store of secrets' }),
    );
  });

  it('keeps a rotated key beside the former one', async () => {
    const keys: Record<string, string> = { 'server-1': KEY, 'server-2': KEY };
    const { changes, apply, store } = rig(keys);
    await apply(true);
    keys['server-1'] = KEY.replace('c2VjcmV0', 'bmV3');
    expect(changes(true)).toEqual([CHANGE]);
    await apply(true);
    expect(store.size).toBe(2);
    expect(changes(true)).toEqual([]);
  });

  it('plans the copy before there is a key, and misses it when there is none in the end', async () => {
    const { changes, apply } = rig({});
    expect(changes(true)).toEqual([CHANGE]);
    expect(await apply(true)).toMatchObject({ ok: false, error: { code: 'k3s-key-missing' } });
  });

  it('has nothing to do where K3s does not encrypt', async () => {
    const { changes, apply, verify } = rig({});
    expect(changes(false)).toEqual([]);
    expect(await apply(false)).toEqual(ok({}));
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('copies a key that nobody announced', () => {
    expect(rig({ 'server-1': KEY }).changes(false)).toEqual([CHANGE]);
  });
});

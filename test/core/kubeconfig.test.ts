import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type FoundContext, findContext, withContext, withFormer } from '../../src/core/kubeconfig.js';

const ENTRY = {
  cluster: { server: 'https://10.0.0.10:6443', 'certificate-authority-data': 'Q0E=' },
  user: { 'client-certificate-data': 'Q1Q=', 'client-key-data': 'S1k=' },
};

const USERS_OWN = `# my clusters
apiVersion: v1
kind: Config
current-context: work
contexts:
  - name: work # the one I like
    context: {cluster: shop, user: me, namespace: dev}
clusters:
  - name: shop
    cluster: {server: "https://elsewhere:6443"}
users:
  - name: me
    user: {token: hush}
`;

const value = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error));
};

interface Config {
  readonly 'current-context'?: string;
  readonly contexts: readonly { readonly name: string; readonly context: { readonly namespace?: string } }[];
}

const found = (text: string, name = 'shop'): FoundContext | undefined => value(findContext(text, name)).found;

describe('a context of Drover in a kubeconfig', () => {
  it('makes a whole file where there was none', () => {
    const text = value(withContext(undefined, 'shop', ENTRY));
    expect(text).toMatchInlineSnapshot(`
      "apiVersion: v1
      kind: Config
      clusters:
        - name: drover:shop
          cluster:
            server: https://10.0.0.10:6443
            certificate-authority-data: Q0E=
      users:
        - name: drover:shop
          user:
            client-certificate-data: Q1Q=
            client-key-data: S1k=
      contexts:
        - name: shop
          context:
            cluster: drover:shop
            user: drover:shop
            extensions:
              - name: drover.dev
                extension:
                  digest: c73acaefdf1f5b61ccc429819f578f4b3b63ab846dcd45a8aa527feb5472ca2e
      current-context: shop
      "
    `);
  });

  it('leaves all others, their comments, and the current context as they are', () => {
    const text = value(withContext(USERS_OWN, 'shop', ENTRY));
    for (const line of ['# my clusters', '# the one I like', 'current-context: work', 'token: hush'])
      expect(text).toContain(line);
    expect((parse(text) as Config).contexts.map(({ name }) => name)).toEqual(['work', 'shop']);
    // A cluster of the user has the name of the context: it is not touched.
    expect(parse(text)).toMatchObject({ clusters: [{ cluster: { server: 'https://elsewhere:6443' } }, {}] });
  });

  it('is told apart from one that was edited, and from one of somebody else', () => {
    const text = value(withContext(USERS_OWN, 'shop', ENTRY));
    expect(found(text)?.origin).toBe('made');
    expect(found(text.replace('10.0.0.10', '10.9.9.9'))?.origin).toBe('edited');
    expect(found(text, 'work')?.origin).toBe('foreign');
    expect(found(text, 'none')).toBeUndefined();
  });

  it('keeps the namespace that a person chose in it, which is no change', () => {
    const text = value(withContext(undefined, 'shop', ENTRY));
    const chosen = text.replace('user: drover:shop\n', 'user: drover:shop\n      namespace: dev\n');
    expect(found(chosen)).toMatchObject({ origin: 'made', digest: found(text)?.digest });
    const moved = { ...ENTRY, cluster: { ...ENTRY.cluster, server: 'https://10.0.0.11:6443' } };
    const again = parse(value(withContext(chosen, 'shop', moved))) as Config;
    expect(again.contexts[0]?.context.namespace).toBe('dev');
  });

  it('goes again without a trace, and with it a file that holds nothing else', () => {
    const nothing = { parts: undefined, current: undefined };
    const alone = value(withContext(undefined, 'shop', ENTRY));
    expect(value(withFormer(alone, 'shop', nothing))).toBeNull();
    const merged = value(withContext(USERS_OWN, 'shop', ENTRY));
    expect(parse(value(withFormer(merged, 'shop', { parts: undefined, current: 'work' })) ?? '')).toEqual(
      parse(USERS_OWN),
    );
  });

  it('gives place again to the one that it replaced', () => {
    const merged = value(withContext(USERS_OWN, 'work', ENTRY));
    expect(found(merged, 'work')?.origin).toBe('made');
    const parts = found(USERS_OWN, 'work')?.parts;
    expect(parse(value(withFormer(merged, 'work', { parts, current: 'work' })) ?? '')).toEqual(
      parse(USERS_OWN),
    );
  });

  it('is not put into what is no kubeconfig; no value is shown', () => {
    const broken = 'users: [{name: me, user: {token: hush}';
    for (const result of [withContext(broken, 'shop', ENTRY), findContext('- token: hush', 'shop')]) {
      expect(result.ok).toBe(false);
      expect(JSON.stringify(result)).not.toContain('hush');
    }
  });

  it('comes and goes whatever else is in the file', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 5 });
    fc.assert(
      fc.property(names, fc.string({ minLength: 1 }), (others, name) => {
        const kept = others.filter((each) => each !== name);
        const list = (member: string) => kept.map((each) => ({ name: each, [member]: { it: each } }));
        const before = { contexts: list('context'), clusters: list('cluster'), users: list('user') };
        const text = stringify({ ...before, 'current-context': kept[0] ?? '' });
        const merged = value(withContext(text, name, ENTRY));
        expect((parse(merged) as Config).contexts.filter((each) => each.name !== name)).toEqual(
          before.contexts,
        );
        const back = value(withFormer(merged, name, { parts: undefined, current: kept[0] }));
        if (kept.length === 0) expect(back).toBeNull();
        else expect(parse(back ?? '')).toEqual({ ...before, 'current-context': kept[0] });
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findContext } from '../../../src/core/kubeconfig.js';
import { err, ok } from '../../../src/core/result.js';
import type { HostEffects } from '../../../src/steps/effects.js';
import { type KubeconfigParams, operatorKubeconfig } from '../../../src/steps/operator/kubeconfig.js';
import type { OperatorEffects } from '../../../src/steps/operator-effects.js';
import type { ApplyContext, VerifyContext, World } from '../../../src/steps/step.js';
import { noOperator } from '../../support/no-operator.js';

const PARAMS: KubeconfigParams = {
  context: 'shop',
  ways: [
    { kind: 'balancer', name: 'lb-1', url: 'https://10.0.0.10:6443' },
    { kind: 'server', name: 'server-1', url: 'https://10.0.0.11:6443' },
    { kind: 'server', name: 'server-2', url: 'https://10.0.0.12:6443' },
  ],
};

const ADMIN = `
apiVersion: v1
clusters: [{ name: default, cluster: { server: "https://127.0.0.1:6443", certificate-authority-data: Q0E= } }]
users: [{ name: default, user: { client-certificate-data: Q1Q=, client-key-data: S1k= } }]
`;

/** Where the context leads to; undefined = there is none. */
const serverIn = (text: string | undefined): string | undefined => {
  const seen = findContext(text ?? '', 'shop');
  const server = seen.ok ? seen.value.found?.parts.cluster?.['server'] : undefined;
  return typeof server === 'string' ? server : undefined;
};

/** A machine with one file, and APIs that answer or say why not. */
const machine = (start: string | undefined, silent: Readonly<Record<string, string>> = {}) => {
  const disk = { text: start, silent };
  const secrets = new Map<string, Uint8Array>();
  const told: string[] = [];
  const operator: OperatorEffects = {
    ...noOperator,
    kubeconfig: () => Promise.resolve(ok({ path: '/home/me/.kube/config', text: disk.text ?? '' })),
    ask: (text) => {
      const { clusters } = parse(text) as {
        readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
      };
      const why = disk.silent[clusters[0]?.cluster.server ?? ''];
      return Promise.resolve(why === undefined ? ok(undefined) : err(why));
    },
    editKubeconfig: (edit) => {
      const after = edit(disk.text);
      if (!after.ok) return Promise.resolve(after);
      disk.text = after.value ?? undefined;
      return Promise.resolve(ok(undefined));
    },
  };
  const read: HostEffects['read'] = () => Promise.resolve(ok({ status: 0, stdout: ADMIN, stderr: '' }));
  const context = {
    subject: { hosts: ['server-1', 'server-2'] },
    operator,
    on: () => ({ read }) as unknown as HostEffects,
    progress: (text: string) => told.push(text),
    keepSecret: (handle: string, value: Uint8Array) => {
      secrets.set(handle, value);
      return Promise.resolve(ok({ secret: handle }));
    },
    secret: (handle: string) => Promise.resolve(ok(secrets.get(handle) ?? new Uint8Array())),
  } as unknown as ApplyContext & VerifyContext;
  const world = (): World => {
    const seen = findContext(disk.text ?? '', PARAMS.context);
    if (!seen.ok) return { hosts: new Map() };
    const { found, current = null } = seen.value;
    const server = serverIn(disk.text) ?? '';
    const better = 'https://10.0.0.10:6443';
    const entry =
      found === undefined
        ? null
        : {
            origin: found.origin,
            digest: found.digest,
            server,
            answers: disk.silent[server] === undefined,
            balancer: server !== better && disk.silent[better] === undefined ? better : null,
          };
    const kubeconfig = { path: '/home/me/.kube/config', context: entry, current };
    return { hosts: new Map(), operator: { kubeconfig, artifacts: [], secrets: [] } };
  };
  const state = () => operatorKubeconfig.observe(world(), context.subject, PARAMS);
  return {
    disk,
    told,
    secrets,
    context,
    state,
    changes: () => operatorKubeconfig.diff(state(), PARAMS),
    apply: () => operatorKubeconfig.apply(context, PARAMS, state()),
    verify: () => operatorKubeconfig.verify(context, PARAMS),
    revert: (before: ReturnType<typeof state>) => operatorKubeconfig.revert?.(context, PARAMS, before),
  };
};

const OWN = `current-context: shop
contexts: [{ name: shop, context: { cluster: mine, user: me } }, { name: other, context: { cluster: x, user: y } }]
clusters: [{ name: mine, cluster: { server: "https://old:6443" } }]
users: [{ name: me, user: { token: hush } }]
`;

describe('operator.kubeconfig', () => {
  it('leads to the balancer when that answers, and has nothing left to do then', async () => {
    const rig = machine(undefined);
    expect(rig.changes()).toEqual([
      { kind: 'add', what: 'context shop', after: 'in /home/me/.kube/config' },
      { kind: 'add', what: 'current-context', after: 'shop' },
    ]);
    expect(await rig.apply()).toEqual(ok({}));
    expect(serverIn(rig.disk.text)).toBe('https://10.0.0.10:6443');
    expect(rig.changes()).toEqual([]);
    expect(await rig.verify()).toEqual(
      ok({
        text: 'context shop in /home/me/.kube/config leads to the load balancer lb-1 (https://10.0.0.10:6443), whose certificate holds',
      }),
    );
  });

  it('leads to a server that answers otherwise, and says why', async () => {
    const rig = machine(undefined, {
      'https://10.0.0.10:6443': 'certificate is not valid for 10.0.0.10',
      'https://10.0.0.11:6443': 'connection refused',
    });
    await rig.apply();
    expect(serverIn(rig.disk.text)).toBe('https://10.0.0.12:6443');
    const why =
      'the load balancer lb-1 (https://10.0.0.10:6443): certificate is not valid for 10.0.0.10; server server-1 (https://10.0.0.11:6443): connection refused';
    expect(rig.told).toEqual([`by server server-2 (https://10.0.0.12:6443), because ${why}`]);
    expect(await rig.verify()).toEqual(
      ok({
        text: `context shop in /home/me/.kube/config leads to server server-2 (https://10.0.0.12:6443), not to ${why}`,
      }),
    );
    expect(rig.changes()).toEqual([]);
    rig.disk.silent = {};
    expect(rig.changes()).toEqual([
      {
        kind: 'change',
        what: 'context shop',
        before: 'https://10.0.0.12:6443',
        after: 'https://10.0.0.10:6443',
      },
    ]);
  });

  it('changes nothing when nothing answers', async () => {
    const silent = Object.fromEntries(PARAMS.ways.map(({ url }) => [url, 'no route to host']));
    const rig = machine(OWN, silent);
    expect(await rig.apply()).toMatchObject({
      ok: false,
      error: { class: 'transient', code: 'kube-unreachable' },
    });
    expect(rig.disk.text).toBe(OWN);
  });

  it('shows that it replaces a context of others, and brings it back', async () => {
    const rig = machine(OWN);
    expect(rig.changes()).toEqual([
      {
        kind: 'replace',
        what: 'context shop',
        before: 'made by others',
        after: 'in /home/me/.kube/config',
      },
    ]);
    const before = rig.state();
    expect(JSON.stringify(before)).not.toContain('hush');
    await rig.apply();
    expect(serverIn(rig.disk.text)).toBe('https://10.0.0.10:6443');
    expect(rig.disk.text).toContain('token: hush');
    expect(await rig.revert(before)).toEqual(ok(undefined));
    expect(parse(rig.disk.text ?? '')).toEqual(parse(OWN));
    // Once more changes nothing.
    expect(await rig.revert(before)).toEqual(ok(undefined));
    expect(parse(rig.disk.text ?? '')).toEqual(parse(OWN));
  });

  it('takes a file away that it made, and a former address back', async () => {
    const rig = machine(undefined, { 'https://10.0.0.10:6443': 'connection refused' });
    const none = rig.state();
    await rig.apply();
    const direct = rig.state();
    const text = rig.disk.text;
    rig.disk.silent = {};
    await rig.apply();
    expect(serverIn(rig.disk.text)).toBe('https://10.0.0.10:6443');
    await rig.revert(direct);
    expect(parse(rig.disk.text ?? '')).toEqual(parse(text ?? ''));
    await rig.revert(none);
    expect(rig.disk.text).toBeUndefined();
  });

  it('does not take back what a person has changed since, unless told to', async () => {
    const rig = machine(undefined);
    const none = rig.state();
    await rig.apply();
    rig.disk.text = rig.disk.text?.replace('10.0.0.10', 'api.shop.example');
    const edited = rig.disk.text;
    expect(rig.changes()).not.toContainEqual(expect.objectContaining({ kind: 'replace' }));
    expect(await rig.revert(none)).toMatchObject({
      ok: false,
      error: { class: 'person', code: 'rollback-foreign' },
    });
    expect(rig.disk.text).toBe(edited);
    const agreed = {
      ...rig.context,
      takesBack: { run: 'r', action: 'a', overwrite: true, dataAgreed: false },
    };
    await operatorKubeconfig.revert?.(agreed, PARAMS, none);
    expect(rig.disk.text).toBeUndefined();
  });

  it('does not hold when somebody broke it', async () => {
    const rig = machine(undefined);
    await rig.apply();
    rig.disk.silent = { 'https://10.0.0.10:6443': 'connection refused' };
    expect(await rig.verify()).toMatchObject({ ok: false, error: { code: 'kubeconfig-not-held' } });
    rig.disk.text = '';
    expect(await rig.verify()).toMatchObject({ ok: false, error: { code: 'kubeconfig-not-held' } });
  });

  it('refuses a file that is none and touches it not', async () => {
    const broken = 'users: [{name: me, user: {token: hush}';
    const rig = machine(broken);
    expect(rig.changes()).toEqual([{ kind: 'unknown', what: 'context shop' }]);
    const refused = await rig.apply();
    expect(refused).toMatchObject({ ok: false, error: { class: 'person', code: 'kubeconfig-unreadable' } });
    expect(JSON.stringify(refused)).not.toContain('hush');
    expect(rig.disk.text).toBe(broken);
  });
});

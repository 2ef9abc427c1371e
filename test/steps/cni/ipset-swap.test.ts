import { describe, expect, it } from 'vitest';
import { cniIpsetSwap } from '../../../src/steps/cni/ipset-swap.js';
import { fakeHost, SUBJECT, seeing, type Values, worldOf } from '../host/world.js';

const READS = { reads: 5 };

const set = (name: string, type: string, revision: number) => ({
  name,
  type,
  revision,
  references: 1,
  entries: 2,
});

const values = (part: Values = {}): Values => ({
  ipsets: {
    version: '7.22',
    sets: [
      set('cali40this-host', 'hash:ip', 6),
      set('cali60this-host', 'hash:ip', 5),
      set('cali40all-ipam-pools', 'hash:net', 7),
      set('KUBE-DST-ABC', 'hash:ip', 6),
    ],
    supported: {},
  },
  traces: [],
  ...part,
});

const observe = (part: Values = {}) => cniIpsetSwap.observe(worldOf(values(part)), SUBJECT, READS);

describe('swapping ipsets', () => {
  it('changes the sets of Calico that are newer than its images read, and no others', () => {
    expect(cniIpsetSwap.diff(observe(), READS)).toEqual([
      {
        kind: 'change',
        what: 'ipset cali40this-host',
        before: 'hash:ip revision 6',
        after: 'revision 5',
      },
    ]);
    const six = { reads: 6 };
    expect(cniIpsetSwap.diff(cniIpsetSwap.observe(worldOf(values()), SUBJECT, six), six)).toEqual([]);
  });

  it('says that a writer at work would write them again', () => {
    const chain = { owner: 'kube-router' as const, kind: 'chain' as const, name: 'KUBE-ROUTER-INPUT' };
    expect(cniIpsetSwap.diff(observe({ traces: [chain] }), READS)[1]).toMatchObject({ kind: 'warn' });
  });

  it('cannot tell where nobody looked', async () => {
    const blind = cniIpsetSwap.observe(worldOf({ traces: [] }), SUBJECT, READS);
    expect(cniIpsetSwap.diff(blind, READS)).toMatchObject([{ kind: 'unknown' }]);
    const { context, told } = fakeHost(worldOf({}));
    expect(await cniIpsetSwap.apply(context, READS, blind)).toMatchObject({ ok: false });
    expect(told.scripts).toEqual([]);
  });

  it('is one change, whose way back gives the former revisions', async () => {
    const { context, told } = fakeHost(worldOf(values()));
    const data: unknown[] = [];
    const noting = {
      ...context,
      on: (host: string) => ({
        ...context.on(host),
        change: (script: string, options?: { readonly data?: string | Uint8Array }) => {
          data.push(options?.data);
          return context.on(host).change(script, options);
        },
      }),
    };
    expect(await cniIpsetSwap.apply(noting, READS, observe())).toEqual({ ok: true, value: {} });
    expect(await cniIpsetSwap.revert?.(noting, READS, observe())).toMatchObject({ ok: true });
    expect(told.scripts).toHaveLength(2);
    expect(data).toEqual(['cali40this-host\thash:ip\t5\t2\n', 'cali40this-host\thash:ip\t6\t2\n']);
  });

  it('asks a person where the host has no perl', async () => {
    const { context } = fakeHost(worldOf(values()));
    const without = {
      ...context,
      on: (host: string) => ({
        ...context.on(host),
        change: () => Promise.resolve({ ok: true as const, value: { status: 69, stdout: '', stderr: '' } }),
      }),
    };
    expect(await cniIpsetSwap.apply(without, READS, observe())).toMatchObject({
      ok: false,
      error: { class: 'person', code: 'ipset-no-perl' },
    });
  });

  it('holds when the kernel says so, and not when a set is newer again', async () => {
    const world = worldOf(values());
    const now = (revision: number) => seeing(world, `cali40this-host\thash:ip\t${revision}\t2\n`);
    expect(await cniIpsetSwap.verify(now(5), READS)).toMatchObject({ ok: true });
    expect(await cniIpsetSwap.verify(now(6), READS)).toMatchObject({
      ok: false,
      error: { cause: 'cali40this-host revision 6' },
    });
  });
});

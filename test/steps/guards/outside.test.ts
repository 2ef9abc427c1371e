import { describe, expect, it } from 'vitest';
import type { Kube } from '../../../src/core/ports/kube.js';
import { err, ok } from '../../../src/core/result.js';
import type { GuardContext, GuardKind, GuardSample } from '../../../src/steps/guard.js';
import { kubeWrites } from '../../../src/steps/guards/kube-writes.js';
import { type UrlsParams, urls } from '../../../src/steps/guards/urls.js';
import { systemClock } from '../../support/ports.js';

const nobody = (): never => {
  throw new Error('nobody asks for this');
};

const contextOf = (part: Partial<GuardContext>, signal: AbortSignal): GuardContext => ({
  run: '20260101-000000-abcd',
  hosts: [],
  read: nobody,
  open: nobody,
  kube: nobody,
  callUrl: nobody,
  keep: nobody,
  clock: systemClock,
  signal,
  ...part,
});

/** The first samples of a guard, which is then told to end. */
const first = async <Params extends never>(
  kind: GuardKind<Params>,
  params: Params,
  { part, many }: { readonly part: Partial<GuardContext>; readonly many: number },
): Promise<readonly GuardSample[]> => {
  const stop = new AbortController();
  const samples: GuardSample[] = [];
  for await (const sample of kind.watch(contextOf(part, stop.signal), params)) {
    samples.push(sample);
    if (samples.length === many) break;
  }
  stop.abort();
  return samples;
};

describe('the guard of writes', () => {
  it('writes another thing each time, and takes its object away', async () => {
    const written: unknown[] = [];
    const deleted: string[] = [];
    let refuses = false;
    const kube = {
      apply: (_ref: unknown, object: { readonly data: unknown }) => {
        written.push(object.data);
        return Promise.resolve(
          refuses ? err({ kind: 'timed-out', message: 'etcd has no leader', causes: [] }) : ok(object),
        );
      },
      delete: ({ name }: { readonly name: string }) => {
        deleted.push(name);
        return Promise.resolve(ok(undefined));
      },
    } as unknown as Kube;
    const open = (): ReturnType<GuardContext['kube']> => {
      refuses = written.length === 1;
      return Promise.resolve(ok(kube));
    };
    const samples = await first(kubeWrites as GuardKind<never>, { everyMs: 1 } as never, {
      part: { kube: open },
      many: 3,
    });
    expect(samples).toEqual([
      { subject: 'writes', ok: true, detail: 'written' },
      { subject: 'writes', ok: false, detail: 'etcd has no leader' },
      { subject: 'writes', ok: true, detail: 'written' },
    ]);
    expect(new Set(written.map((each) => JSON.stringify(each))).size).toBe(3);
    expect(deleted).toEqual(['drover-writes-20260101-000000-abcd']);
  });
});

describe('the guard of addresses', () => {
  it('calls each as users do and through single nodes, and judges by the statuses of the spec', async () => {
    const url = 'https://shop.example/';
    const params: UrlsParams = {
      everyMs: 1,
      urls: [
        { url, status: [200] },
        { url, status: [200], via: { node: 'agent-2', address: '10.0.0.22' } },
      ],
    };
    const callUrl: GuardContext['callUrl'] = ({ via }) =>
      Promise.resolve(via === undefined ? ok({ status: 200 }) : err(`no way to ${via}`));
    const samples = await first(urls as GuardKind<never>, params as never, { part: { callUrl }, many: 2 });
    expect(samples).toEqual([
      { subject: url, ok: true, detail: 'status 200' },
      { subject: `${url} through agent-2`, ok: false, detail: 'no way to 10.0.0.22' },
    ]);
  });
});

import { expect, it } from 'vitest';
import type { Kube, KubeObject, WatchEvent } from '../../src/core/ports/kube.js';
import { ok } from '../../src/core/result.js';
import { waitForReady } from '../../src/lab/cluster/ready.js';

const SINCE = Date.parse('2026-01-01T00:00:00Z');

const [OLD, NEW] = ['2025-12-31T23:59:59Z', '2026-01-01T00:00:01Z'];

const node = (name: string, status: 'True' | 'False', creationTimestamp = OLD): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, creationTimestamp },
  status: { conditions: [{ type: 'Ready', status }] },
});
const lease = (name: string, renewTime: string): KubeObject => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name },
  spec: { renewTime },
});
const all = (...items: readonly KubeObject[]): WatchEvent => ({ type: 'RELISTED', items });
const changed = (object: KubeObject): WatchEvent => ({ type: 'MODIFIED', object });

/** A client whose watches tell the given events and then stay quiet until they are aborted. */
const watching = (events: {
  readonly nodes: readonly WatchEvent[];
  readonly leases: readonly WatchEvent[];
}) =>
  ({
    watch: async function* (
      resource: { readonly plural: 'nodes' | 'leases' },
      options: { signal: AbortSignal },
    ) {
      for (const event of events[resource.plural]) yield ok(event);
      if (!options.signal.aborted)
        await new Promise((resolve) => options.signal.addEventListener('abort', resolve, { once: true }));
    },
  }) as unknown as Kube;

const wait = async (events: Parameters<typeof watching>[0], signal = new AbortController().signal) => {
  const told: string[] = [];
  const onReady = (name: string): void => void told.push(name);
  const input = { kube: watching(events), nodes: ['one', 'two'], since: SINCE, signal, onReady };
  return { result: await waitForReady(input), told };
};

it('ends when every node is Ready with a renewed lease, and tells each node once', async () => {
  const events = {
    nodes: [all(node('one', 'True')), changed(node('two', 'False')), changed(node('two', 'True'))],
    leases: [
      all(lease('one', NEW), lease('two', OLD)),
      changed(lease('two', NEW)),
      changed(lease('two', NEW)),
    ],
  };
  const { result, told } = await wait(events);
  expect(result).toEqual(ok(undefined));
  expect([...told].sort()).toEqual(['one', 'two']);
});

it('does not believe a Ready that was saved before: its lease is old', async () => {
  const events = {
    nodes: [all(node('one', 'True'), node('two', 'True'))],
    leases: [all(lease('one', NEW), lease('two', OLD))],
  };
  const { result, told } = await wait(events, AbortSignal.timeout(50));
  expect(result).toEqual({ ok: false, error: { missing: ['two'] } });
  expect(told).toEqual(['one']);
});

it('believes a node that was made since, whose kubelet has no lease yet', async () => {
  const events = {
    nodes: [
      all(node('one', 'True', NEW)),
      changed(node('two', 'False', NEW)),
      changed(node('two', 'True', NEW)),
    ],
    leases: [all()],
  };
  const { result, told } = await wait(events);
  expect(result).toEqual(ok(undefined));
  expect(told).toEqual(['one', 'two']);
});

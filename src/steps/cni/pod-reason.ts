import { z } from 'zod';
import type { KubeObject } from '../../core/ports/kube.js';
import { printable } from '../../core/text.js';
import type { KubeReads } from '../kube-reads.js';

const EVENTS = { group: '', version: 'v1', plural: 'events' } as const;
const LINES = 3;

const stateSchema = z.object({ reason: z.string().default(''), message: z.string().default('') }).optional();

const statusSchema = z
  .object({
    phase: z.string().default(''),
    reason: z.string().default(''),
    message: z.string().default(''),
    podIP: z.string().default(''),
    conditions: z
      .array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') }))
      .default([]),
    containerStatuses: z
      .array(
        z.object({
          name: z.string(),
          ready: z.boolean().default(false),
          state: z.object({ waiting: stateSchema, terminated: stateSchema }).prefault({}),
        }),
      )
      .default([]),
  })
  .prefault({});

const eventSchema = z.object({
  type: z.string().default(''),
  reason: z.string().default(''),
  message: z.string().default(''),
  involvedObject: z.object({ uid: z.string().default('') }).prefault({}),
  lastTimestamp: z.string().nullish(),
});

const words = (...parts: readonly string[]): string =>
  printable(parts.filter((part) => part !== '').join(': ')).slice(0, 400);

/** The last warning that the cluster wrote about a pod. */
const lastWarning = async (
  kube: KubeReads,
  { metadata: { namespace = '', name, uid } }: KubeObject,
  signal: AbortSignal,
): Promise<string> => {
  const fieldSelector = `involvedObject.name=${name}`;
  let last = { at: '', text: '' };
  for await (const page of kube.list(EVENTS, { namespace, fieldSelector, signal })) {
    if (!page.ok) return '';
    for (const item of page.value.items) {
      const event = eventSchema.parse(item);
      const at = event.lastTimestamp ?? '';
      if (event.type !== 'Warning' || event.involvedObject.uid !== uid || at < last.at) continue;
      last = { at, text: words(event.reason, event.message) };
    }
  }
  return last.text;
};

/** The last lines that a container wrote; none when they cannot be read. */
const lastLines = async (
  kube: KubeReads,
  pod: KubeObject,
  container: string,
  signal: AbortSignal,
): Promise<string> => {
  const { namespace = '', name } = pod.metadata;
  const log = await kube.logs({ namespace, name, container }, { tailLines: LINES, signal });
  return log.ok ? printable(log.value).trim().split('\n').slice(-LINES).join(' · ').slice(-400) : '';
};

/**
 * Why a pod is not ready, in the words of whoever knows: the scheduler, the runtime (a sandbox without network), the
 * kubelet (images), or the container itself, by its last lines.
 */
export const reasonOf = async (kube: KubeReads, pod: KubeObject, signal: AbortSignal): Promise<string> => {
  const status = statusSchema.parse(pod['status'] ?? {});
  const scheduled = status.conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return words('no node takes it', scheduled.message);
  if (status.podIP === '') {
    const warning = await lastWarning(kube, pod, signal);
    if (warning !== '') return warning;
  }
  const late = status.containerStatuses.find(({ ready }) => !ready);
  const state = late?.state.waiting ?? late?.state.terminated;
  const told = state === undefined ? '' : words(state.reason, state.message);
  const lines =
    late === undefined || status.podIP === '' ? '' : await lastLines(kube, pod, late.name, signal);
  const all = words(told, lines);
  return all === '' ? words(status.phase, status.reason, status.message) || 'it says nothing' : all;
};

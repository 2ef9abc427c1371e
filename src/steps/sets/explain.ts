import { isMap, listOf, mapOf } from '../../bundle/clean/draft.js';
import { idOf, idText } from '../../bundle/model/object-id.js';
import type { KubeObject, KubeRef } from '../../core/ports/kube.js';
import { printable } from '../../core/text.js';
import type { KubeReads } from '../kube-reads.js';

type Members = Readonly<Record<string, unknown>>;

/** What asking for reasons needs: reading alone. */
export interface Asking {
  readonly kube: Pick<KubeReads, 'list' | 'logs'>;
  readonly signal: AbortSignal;
}

const PODS: KubeRef['resource'] = { group: '', version: 'v1', plural: 'pods' };
const EVENTS: KubeRef['resource'] = { group: '', version: 'v1', plural: 'events' };

/** Pods of one workload fail alike: some are enough to see why. */
const PODS_TOLD = 4;
const LOG_LINES = 6;
const LINE = 240;

const text = (value: unknown): string => (typeof value === 'string' ? printable(value).trim() : '');

const listAll = async (
  { kube, signal }: Asking,
  resource: KubeRef['resource'],
  where: { readonly namespace: string; readonly labelSelector?: string; readonly fieldSelector?: string },
): Promise<readonly KubeObject[]> => {
  const found: KubeObject[] = [];
  for await (const page of kube.list(resource, { ...where, signal })) {
    if (!page.ok) break;
    found.push(...page.value.items);
  }
  return found;
};

const selectorOf = (workload: KubeObject): string =>
  Object.entries(mapOf(mapOf(mapOf(workload['spec'])['selector'])['matchLabels']))
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');

const statusOf = (pod: KubeObject): Members => mapOf(pod['status']);

const isReady = (pod: KubeObject): boolean =>
  statusOf(pod)['phase'] === 'Succeeded' ||
  listOf(statusOf(pod)['conditions'])
    .filter(isMap)
    .some(({ type, status }) => type === 'Ready' && status === 'True');

const containersOf = (pod: KubeObject): readonly Members[] =>
  [...listOf(statusOf(pod)['initContainerStatuses']), ...listOf(statusOf(pod)['containerStatuses'])].filter(
    isMap,
  );

/** Why the scheduler has not placed a pod. */
const unscheduled = (pod: KubeObject): string[] =>
  listOf(statusOf(pod)['conditions'])
    .filter(isMap)
    .filter(({ type, status }) => type === 'PodScheduled' && status === 'False')
    .map(({ message }) => `no node takes it: ${text(message)}`);

const waitingText = ({ name, image, state, lastState, restartCount }: Members): string[] => {
  const waiting = mapOf(mapOf(state)['waiting']);
  const ended = mapOf(mapOf(state)['terminated'] ?? mapOf(lastState)['terminated']);
  const reason = text(waiting['reason']);
  if (/ErrImage|ImagePull|InvalidImageName/.test(reason))
    return [`container ${text(name)} cannot pull ${text(image)} (${reason}): ${text(waiting['message'])}`];
  const exit = ended['exitCode'];
  if (typeof exit === 'number' && exit !== 0)
    return [
      `container ${text(name)} ended with ${exit} (${text(ended['reason'])}), restarted ${String(restartCount)} times`,
    ];
  return reason === '' || reason === 'PodInitializing' || reason === 'ContainerCreating'
    ? []
    : [`container ${text(name)} waits: ${reason} ${text(waiting['message'])}`];
};

/** What the kubelet says about probes, mounts and pulls; each reason once, the newest last. */
const eventTexts = (events: readonly KubeObject[]): string[] => {
  const byReason = new Map<string, string>();
  for (const event of events) {
    if (event['type'] === 'Normal' || event['reason'] === 'BackOff') continue;
    const message = text(event['message']);
    const kind = /^(\w+ probe)/.exec(message)?.[1] ?? text(event['reason']);
    byReason.set(kind, message);
  }
  return [...byReason.values()].map((message) => message.slice(0, LINE));
};

const lastLines = (log: string): string[] =>
  printable(log)
    .trimEnd()
    .split('\n')
    .slice(-LOG_LINES)
    .filter((line) => line !== '')
    .map((line) => `  | ${line.slice(0, LINE)}`);

/** The last lines of what a container that is not ready said; of its former life when it is restarting. */
const logsOf = async ({ kube, signal }: Asking, pod: KubeObject): Promise<string[]> => {
  const { name, namespace = '' } = pod.metadata;
  const container =
    containersOf(pod).find(
      ({ ready, state }) => ready !== true && mapOf(state)['terminated'] === undefined,
    ) ?? containersOf(pod).find(({ ready }) => ready !== true);
  if (container === undefined) return [];
  const of = { namespace, name, container: text(container['name']) };
  const isRunning = mapOf(container['state'])['running'] !== undefined;
  const said = await kube.logs(of, {
    tailLines: LOG_LINES,
    previous: !isRunning && container['restartCount'] !== 0,
    signal,
  });
  return said.ok ? lastLines(said.value) : [];
};

const whyPod = async (asking: Asking, pod: KubeObject): Promise<string[]> => {
  const { name, namespace = '', uid = '' } = pod.metadata;
  const node = text(mapOf(pod['spec'])['nodeName']);
  const events = await listAll(asking, EVENTS, { namespace, fieldSelector: `involvedObject.uid=${uid}` });
  const said = [...unscheduled(pod), ...containersOf(pod).flatMap(waitingText), ...eventTexts(events)];
  const where = node === '' ? '' : ` on ${node}`;
  const phase = text(statusOf(pod)['phase']);
  return [
    `pod ${namespace}/${name}${where}: ${said.length === 0 ? `it is ${phase || 'new'} and not ready` : [...new Set(said)].join('; ')}`,
    ...(await logsOf(asking, pod)),
  ];
};

/**
 * Why a workload is not ready, by its pods: which probe fails, which image cannot be pulled on which node, how containers
 * ended and what they last said. One line each, log lines begin with a bar.
 */
export const whyUnready = async (asking: Asking, workload: KubeObject): Promise<string[]> => {
  const { namespace = '' } = workload.metadata;
  const labelSelector = selectorOf(workload);
  const pods = labelSelector === '' ? [] : await listAll(asking, PODS, { namespace, labelSelector });
  const bad = pods.filter((pod) => !isReady(pod));
  if (bad.length === 0)
    return [`${idText(idOf(workload))} has ${pods.length === 0 ? 'no pods' : 'no pod that says why'}`];
  const told = await Promise.all(bad.slice(0, PODS_TOLD).map((pod) => whyPod(asking, pod)));
  const rest = bad.length - PODS_TOLD;
  return [...told.flat(), ...(rest > 0 ? [`and ${rest} more pods of ${idText(idOf(workload))}`] : [])];
};

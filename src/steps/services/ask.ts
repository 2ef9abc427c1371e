import type { Kube } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { HostReads } from '../effects.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { Reached } from './probe-service.js';

/** A question to the Service and who answered it; `-` = nobody. */
export interface Answer {
  /** Node from which it was asked. */
  readonly node: string;
  /** `pod → ClusterIP`, `host → NodePort of n2`. */
  readonly by: string;
  readonly answer: string;
}

/** A type alias is JSON, an interface is not. */
export type AskedNode = { readonly name: string; readonly address: string };

/** Asks with what every Debian has; prints `PLACE ANSWER`. Only asks. */
const hostScript = (targets: readonly (readonly [place: string, address: string, port: number])[]): string =>
  [
    `ask() { answer=$(timeout 4 bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf "GET /name HTTP/1.0\\r\\n\\r\\n" >&3 && tail -n 1 <&3' "$2" "$3" 2>/dev/null | tr -dc 'a-z0-9-'); echo "$1 \${answer:--}"; }`,
    ...targets.map(([place, address, port]) => `ask ${place} ${address} ${port} &`),
    'wait',
  ].join('\n');

/** Who answers a host by the ClusterIP, and by the NodePort of every node. */
export const askFromHost = async (
  read: HostReads,
  node: string,
  { clusterIp, nodePort }: Reached,
  nodes: readonly AskedNode[],
): Promise<Result<readonly Answer[], StepFailure>> => {
  const targets = [
    ['clusterip', clusterIp, 80] as const,
    ...nodes.map(({ address }, at) => [`${at}`, address, nodePort] as const),
  ];
  const seen = await read.read(hostScript(targets), { timeoutMs: 20_000 });
  if (!seen.ok) return seen;
  const lines = new Map(seen.value.stdout.split('\n').map((line) => line.split(' ') as [string, string]));
  return ok(
    targets.map(([place]) => ({
      node,
      by:
        place === 'clusterip' ? 'host → ClusterIP' : `host → NodePort of ${nodes[Number(place)]?.name ?? ''}`,
      answer: lines.get(place) ?? '-',
    })),
  );
};

/** Who answers a pod by the ClusterIP. */
export const askFromPod = async (
  kube: Kube,
  pod: { readonly namespace: string; readonly name: string; readonly node: string },
  { clusterIp }: Reached,
  signal: AbortSignal,
): Promise<Result<readonly Answer[], StepFailure>> => {
  const script = `wget -q -T 3 -O - http://${clusterIp}/name || echo -`;
  const ran = await kube.exec(pod, ['sh', '-c', script], { signal, timeoutMs: 20_000 });
  if (!ran.ok) return err(failureOfKube(ran.error, `cannot ask from ${pod.namespace}/${pod.name}`));
  const answer = ran.value.stdout.toString().trim();
  return ok([{ node: pod.node, by: 'pod → ClusterIP', answer: answer === '' ? '-' : answer }]);
};

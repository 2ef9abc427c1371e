import type { Kube, KubeObject } from '../core/ports/kube.js';
import { printable } from '../core/text.js';
import { type CheckResult, fail, pass } from './check.js';
import { SERVICES } from './resources.js';
import { type CallUrl, judgeAnswer, type UrlAnswer, type WantedUrl } from './urls.js';

/** An application as it is asked: by the addresses that it answers, and by its Service. */
export interface AskedApp {
  readonly name: string;
  readonly namespace: string;
  /** Group under which reports list it. */
  readonly module: string | undefined;
  /** Addresses behind the ingress. */
  readonly urls: readonly WantedUrl[];
  /** Port of its Service and a path that answers when it is healthy; absent = it does not speak HTTP. */
  readonly inside?: { readonly port: number; readonly path: string };
}

type Part = Pick<CheckResult, 'check' | 'title'>;

/** `10 Platform` → `application-10-platform`. */
const partOf = ({ module }: AskedApp, how: 'ingress' | 'inside'): Part => {
  const group = module?.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const what = how === 'ingress' ? 'answer through the ingress of every node' : 'answer inside the cluster';
  return {
    check: ['application', how, ...(group === undefined ? [] : [group])].join('-'),
    title: `${module === undefined ? '' : `${module}: `}applications ${what}`,
  };
};

export interface ThroughNodes {
  readonly nodes: readonly { readonly name: string; readonly address: string }[];
  readonly call: CallUrl;
  readonly signal: AbortSignal;
}

/** Calls every address of an application at every node's own address. */
export const checkThroughNodes = async (
  application: AskedApp,
  { nodes, call, signal }: ThroughNodes,
): Promise<CheckResult[]> => {
  const asked = application.urls.flatMap((wanted) =>
    nodes.map(async ({ name, address }): Promise<CheckResult> => {
      // The certificate is judged once, where the name leads to by itself.
      const answer = await call({ ...wanted, via: address, insecure: true }, signal);
      const part = { ...partOf(application, 'ingress'), node: name, to: wanted.url };
      if (!answer.ok) return fail({ ...part, detail: printable(answer.error) });
      const { status, detail } = judgeAnswer(wanted, name, answer.value);
      return { ...part, status, detail };
    }),
  );
  return Promise.all(asked);
};

/** The address comes as an argument of the script, never as a part of it. */
const SCRIPT = 'exec wget -S -T 5 -O /dev/null "$1" 2>&1';

const answerOf = (said: string): UrlAnswer | undefined => {
  const status = [...said.matchAll(/HTTP\/[\d.]+ (\d{3})/g)].map(([, each]) => Number(each)).at(-1);
  return status === undefined ? undefined : { status, body: '' };
};

const clusterAddress = (service: KubeObject): string | undefined => {
  const { clusterIP } = service['spec'] as { readonly clusterIP?: string };
  return clusterIP === undefined || clusterIP === 'None' ? undefined : clusterIP;
};

/**
 * Calls the Service of an application from a pod on a node's own network, as the ingress does: policies let it pass.
 * @param pod a verification pod
 */
export const checkInside = async (
  application: AskedApp,
  {
    kube,
    pod,
    signal,
  }: {
    readonly kube: Kube;
    readonly pod: { readonly namespace: string; readonly name: string; readonly node: string };
    readonly signal: AbortSignal;
  },
): Promise<CheckResult[]> => {
  const { namespace, name, inside } = application;
  if (inside === undefined) return [];
  const part = { ...partOf(application, 'inside'), node: pod.node, to: `${namespace}/${name}` };
  const service = await kube.get({ resource: SERVICES, namespace, name }, { signal });
  if (!service.ok) return [fail({ ...part, detail: service.error.message })];
  const address = clusterAddress(service.value);
  if (address === undefined) return [fail({ ...part, detail: 'its Service has no address' })];
  const host = address.includes(':') ? `[${address}]` : address;
  const command = ['sh', '-c', SCRIPT, 'sh', `http://${host}:${inside.port}${inside.path}`];
  const ran = await kube.exec(pod, command, { timeoutMs: 20_000, signal });
  if (!ran.ok) return [fail({ ...part, detail: ran.error.message })];
  const said = ran.value.stdout.toString();
  const answer = answerOf(said);
  if (answer === undefined)
    return [fail({ ...part, detail: printable(said).trim().slice(-200) || 'no answer' })];
  const good = answer.status < 400;
  return [(good ? pass : fail)({ ...part, detail: `${inside.path} answers with status ${answer.status}` })];
};

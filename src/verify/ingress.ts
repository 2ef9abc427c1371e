import type { Kube, KubeObject } from '../core/ports/kube.js';
import { type CheckResult, fail, passIf } from './check.js';
import { parseAttempts } from './node-script.js';
import type { ProbeNames } from './probe-objects.js';
import type { Probes } from './probes.js';
import { INGRESSES } from './resources.js';

export interface IngressInput {
  readonly kube: Kube;
  readonly names: ProbeNames;
  readonly probes: Probes;
  readonly className: string;
  /** Port for HTTP on the nodes. */
  readonly port: number;
  readonly signal: AbortSignal;
}

/** A name that no real ingress serves. */
const HOST = 'probe.drover.internal';
/** Controllers read a new Ingress within seconds. */
const WAIT_SECONDS = 20;
const PART = { check: 'ingress', title: 'The ingress of every node leads to a backend' };

const ingressObject = ({ names, className }: IngressInput): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'probe', namespace: names.namespace },
  spec: {
    ingressClassName: className,
    rules: [
      {
        host: HOST,
        http: {
          paths: [
            {
              path: '/node',
              pathType: 'Exact',
              backend: { service: { name: 'probe', port: { number: 80 } } },
            },
          ],
        },
      },
    ],
  },
});

/** One line per node, in the form of the probes' own attempts. */
const script = (targets: Probes['targets'], port: number): string =>
  [
    `try() {
  begin=$(date +%s) tries=1
  until out=$(wget -q -T 3 --header 'Host: ${HOST}' -O - "http://$2:$3/node" 2>&1); do
    [ $(($(date +%s) - begin)) -lt ${WAIT_SECONDS} ] || { told no; return; }
    tries=$((tries + 1)); sleep 1
  done
  told ok
}
told() { printf 'ingress\\t%s\\t%s\\t%s\\t%s\\t%s\\t\\n' "$node" "$1" "$tries" $(($(date +%s) - begin)) "$(printf %s "$out" | tr '\\n\\t' '  ')"; }`,
    ...targets.map(({ node, hostAddress }) => `(node=${node}; try ${node} ${hostAddress} ${port}) &`),
    'wait',
  ].join('\n');

/** A new Ingress answers on every node's own address, asked from a probe on another node's network. */
export const checkIngress = async (input: IngressInput): Promise<CheckResult[]> => {
  const { kube, names, probes, port, signal } = input;
  const source = probes.sources.find(({ host }) => host);
  if (source === undefined) return [fail({ ...PART, detail: 'no probe runs that could ask' })];
  const ref = { resource: INGRESSES, namespace: names.namespace };
  const made = await kube.create(ref, ingressObject(input), { signal });
  if (!made.ok) return [fail({ ...PART, detail: made.error.message })];
  const ran = await kube.exec(
    { namespace: names.namespace, name: source.pod },
    ['sh', '-c', script(probes.targets, port)],
    { timeoutMs: 60_000, signal },
  );
  if (!ran.ok) return [fail({ ...PART, detail: ran.error.message })];
  const attempts = parseAttempts(ran.value.stdout.toString());
  return probes.targets.map(({ node }) => {
    const found = attempts.find(({ to }) => to === node);
    const detail =
      found === undefined ? 'no answer' : found.ok ? `answered by ${found.detail}` : found.detail;
    return passIf(found?.ok === true, { ...PART, node, detail: detail || 'no answer' });
  });
};

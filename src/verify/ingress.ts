import type { Kube, KubeObject } from '../core/ports/kube.js';
import { type CheckResult, fail, passIf } from './check.js';
import { type Attempt, parseAttempts } from './node-script.js';
import type { ProbeNames } from './probe-objects.js';
import type { Probes } from './probes.js';
import { INGRESSES } from './resources.js';

export interface IngressInput {
  readonly kube: Kube;
  readonly names: ProbeNames;
  readonly probes: Probes;
  readonly className: string;
  /** Ports on the nodes. */
  readonly ports: { readonly http: number; readonly https: number; readonly health: number };
  readonly healthPath: string;
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

/** What every node must answer: requests on both ports, and the health check as balancers ask for it. */
const questions = ({ ports, healthPath }: IngressInput) =>
  [
    { kind: 'http', title: PART.title, url: (host: string) => `http://${host}:${ports.http}/node` },
    {
      kind: 'https',
      title: 'The ingress of every node speaks TLS',
      url: (host: string) => `https://${host}:${ports.https}/node`,
    },
    {
      kind: 'health',
      title: 'The ingress of every node says that it is healthy',
      url: (host: string) => `http://${host}:${ports.health}${healthPath}`,
    },
  ] as const;

/** One line per node and question, in the form of the probes' own attempts. */
const script = (input: IngressInput): string =>
  [
    `try() {
  begin=$(date +%s) tries=1
  until out=$(wget -q -T 3 --no-check-certificate --header 'Host: ${HOST}' -O - "$3" 2>&1); do
    [ $(($(date +%s) - begin)) -lt ${WAIT_SECONDS} ] || { told "$1" "$2" no; return; }
    tries=$((tries + 1)); sleep 1
  done
  told "$1" "$2" ok
}
told() { printf '%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t\\n' "$1" "$2" "$3" "$tries" $(($(date +%s) - begin)) "$(printf %s "$out" | tr '\\n\\t' '  ')"; }`,
    ...input.probes.targets.flatMap(({ node, hostAddress }) =>
      questions(input).map(({ kind, url }) => `(try ${kind} ${node} '${url(hostAddress)}') &`),
    ),
    'wait',
  ].join('\n');

const resultsOf = (input: IngressInput, attempts: readonly Attempt[]): CheckResult[] =>
  input.probes.targets.flatMap(({ node }) =>
    questions(input).map(({ kind, title }) => {
      const found = attempts.find((attempt) => attempt.kind === kind && attempt.to === node);
      const said =
        found === undefined
          ? ''
          : found.ok && kind !== 'health'
            ? `answered by ${found.detail}`
            : found.detail;
      const detail = said === '' && found?.ok === true ? 'it answered' : said || 'no answer';
      return passIf(found?.ok === true, { check: PART.check, title, node, detail });
    }),
  );

/** A new Ingress answers on every node's own address, asked from a probe on another node's network. */
export const checkIngress = async (input: IngressInput): Promise<CheckResult[]> => {
  const { kube, names, probes, signal } = input;
  const source = probes.sources.find(({ host }) => host);
  if (source === undefined) return [fail({ ...PART, detail: 'no probe runs that could ask' })];
  const ref = { resource: INGRESSES, namespace: names.namespace };
  const made = await kube.create(ref, ingressObject(input), { signal });
  if (!made.ok) return [fail({ ...PART, detail: made.error.message })];
  const ran = await kube.exec({ namespace: names.namespace, name: source.pod }, ['sh', '-c', script(input)], {
    timeoutMs: 60_000,
    signal,
  });
  if (!ran.ok) return [fail({ ...PART, detail: ran.error.message })];
  return resultsOf(input, parseAttempts(ran.value.stdout.toString()));
};

import { sha256 } from '../../core/canonical.js';
import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { PODS } from './network-pods.js';

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' } as const;
const PORT = 8080;
const OWNER = { 'app.kubernetes.io/managed-by': 'drover' };

/** `drover verify` removes namespaces of this beginning once they have expired: nothing stays of a run that was killed. */
const PREFIX = 'drover-verify-';
const EXPIRES = 'drover.dev/expires';
const LIFE_MS = 3_600_000;

/** The namespace of the probes of one node’s change in one run. */
export const probeNamespace = (run: string, node: string): string =>
  `${PREFIX}switch-${sha256(`${run} ${node}`).slice(0, 10)}`;

/** Answers everybody with the address that it sees. */
const SERVE = [
  'mkdir -p /tmp/www/cgi-bin',
  `printf '#!/bin/sh\\nprintf "Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n%%s\\\\n" "$REMOTE_ADDR"\\n' >/tmp/www/cgi-bin/from`,
  'chmod +x /tmp/www/cgi-bin/from',
  `exec httpd -f -p ${PORT} -h /tmp/www`,
].join(' && ');

export const probePod = (namespace: string, name: string, node: string, image: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { ...OWNER, 'drover.dev/probe': 'switch' } },
  spec: {
    nodeName: node,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    tolerations: [{ operator: 'Exists' }],
    containers: [
      {
        name: 'probe',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', SERVE],
        readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
        resources: { requests: { cpu: '1m', memory: '8Mi' }, limits: { memory: '64Mi' } },
      },
    ],
  },
});

/** Makes the namespace; one that is there is of an earlier attempt. `now` in milliseconds since the epoch. */
export const makeProbeNamespace = async (
  kube: Kube,
  namespace: string,
  now: number,
  signal: AbortSignal,
): Promise<Result<void, StepFailure>> => {
  const object = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: { ...OWNER, 'pod-security.kubernetes.io/enforce': 'baseline' },
      annotations: { [EXPIRES]: new Date(now + LIFE_MS).toISOString() },
    },
  };
  const made = await kube.create({ resource: NAMESPACES }, object, { signal });
  return made.ok || made.error.kind === 'already-exists'
    ? ok(undefined)
    : err(failureOfKube(made.error, `cannot make the namespace ${namespace}`));
};

/** Removes all probes; waits for nothing. */
export const removeProbeNamespace = async (kube: Kube, namespace: string): Promise<void> => {
  await kube.delete({ resource: NAMESPACES, name: namespace }, { propagation: 'Background' });
};

/** Removes one probe; one that is gone is fine. */
export const removeProbe = async (
  kube: Kube,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<Result<void, StepFailure>> => {
  const gone = await kube.delete({ resource: PODS, namespace, name }, { signal });
  return gone.ok || gone.error.kind === 'not-found'
    ? ok(undefined)
    : err(failureOfKube(gone.error, `cannot remove the probe ${name}`));
};

/** Asks probes at addresses from one pod; the address that each one saw, `-` where none answered. */
export const askFrom = async (
  kube: Kube,
  pod: { readonly namespace: string; readonly name: string },
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Result<ReadonlyMap<string, string>, StepFailure>> => {
  const script = addresses
    .map((to) => `{ s=$(wget -q -T 2 -O - http://${to}:${PORT}/cgi-bin/from) || s=-; echo "${to} $s"; } &`)
    .join('\n');
  const ran = await kube.exec(pod, ['sh', '-c', `${script}\nwait`], { signal, timeoutMs: 20_000 });
  if (!ran.ok) return err(failureOfKube(ran.error, `cannot ask from ${pod.namespace}/${pod.name}`));
  const lines = ran.value.stdout.toString().split('\n').filter(Boolean);
  return ok(new Map(lines.map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '-'] as const)));
};

import { sha256 } from '../../core/canonical.js';
import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { PODS } from './network-pods.js';

const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces' } as const;
const PORT = 8080;
/** Port on which probes answer, with their name at `/name`. */
export const SERVED_PORT = PORT;
const OWNER = { 'app.kubernetes.io/managed-by': 'drover' };

/** `drover verify` removes namespaces of this beginning once they have expired: nothing stays of a run that was killed. */
const PREFIX = 'drover-verify-';
const EXPIRES = 'drover.dev/expires';
const LIFE_MS = 3_600_000;

/** By it the namespaces of one node’s change are found again, whatever their names. */
const CHANGE_LABEL = 'drover.dev/switch';

/** Whose probes they are: of which turn of a node’s change in a run. A turn that ended leaves its namespace ending. */
export interface ProbeOwner {
  readonly run: string;
  readonly node: string;
  readonly turn: number;
}

const changeMark = ({ run, node }: Omit<ProbeOwner, 'turn'>): string => sha256(`${run} ${node}`).slice(0, 16);

export const probeNamespace = (owner: ProbeOwner): string =>
  `${PREFIX}switch-${changeMark(owner)}-${owner.turn}`;

/** Answers everybody with the address that it sees. */
const SERVE = [
  'mkdir -p /tmp/www/cgi-bin',
  `printf '#!/bin/sh\\nprintf "Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n%%s\\\\n" "$REMOTE_ADDR"\\n' >/tmp/www/cgi-bin/from`,
  'chmod +x /tmp/www/cgi-bin/from',
  'hostname >/tmp/www/name',
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
  owner: ProbeOwner,
  now: number,
  signal: AbortSignal,
): Promise<Result<void, StepFailure>> => {
  const namespace = probeNamespace(owner);
  const object = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: {
        ...OWNER,
        [CHANGE_LABEL]: changeMark(owner),
        'pod-security.kubernetes.io/enforce': 'baseline',
      },
      annotations: { [EXPIRES]: new Date(now + LIFE_MS).toISOString() },
    },
  };
  const made = await kube.create({ resource: NAMESPACES }, object, { signal });
  return made.ok || made.error.kind === 'already-exists'
    ? ok(undefined)
    : err(failureOfKube(made.error, `cannot make the namespace ${namespace}`));
};

/** Removes all probes of a node’s change, of attempts that were killed, too; waits for nothing. */
export const removeProbes = async (
  kube: Kube,
  change: Omit<ProbeOwner, 'turn'>,
  signal: AbortSignal,
): Promise<Result<void, StepFailure>> => {
  const mark = changeMark(change);
  for await (const page of kube.list(NAMESPACES, { labelSelector: `${CHANGE_LABEL}=${mark}`, signal })) {
    if (!page.ok) return err(failureOfKube(page.error, 'cannot look for probes'));
    for (const { metadata } of page.value.items) {
      if (metadata.labels?.[CHANGE_LABEL] !== mark || metadata['deletionTimestamp'] !== undefined) continue;
      await kube.delete({ resource: NAMESPACES, name: metadata.name }, { propagation: 'Background', signal });
    }
  }
  return ok(undefined);
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

/** A server that listens for both families writes an IPv4 address as `[::ffff:10.0.0.1]`. */
const plainAddress = (text: string): string => text.replace(/^\[?(::ffff:)?([^\]]*)\]?$/, '$2');

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
  return ok(
    new Map(
      lines.map((line) => [line.split(' ')[0] ?? '', plainAddress(line.split(' ')[1] ?? '-')] as const),
    ),
  );
};

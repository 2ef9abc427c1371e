import type { Kube } from '../../../core/ports/kube.js';
import { checkInside } from '../../../verify/applications.js';
import { type CheckResult, fail } from '../../../verify/check.js';
import { checkPull } from '../../../verify/images.js';
import { checkIngress } from '../../../verify/ingress.js';
import { tryNetwork } from '../../../verify/network.js';
import { NAMESPACE_PREFIX, type ProbeNames } from '../../../verify/probe-objects.js';
import { makeNamespace, type Probes, removeProbes, startProbes } from '../../../verify/probes.js';
import { INGRESS_CLASSES } from '../../../verify/resources.js';
import { checkVolume } from '../../../verify/volume.js';
import { isLab } from '../apps/stored-secrets.js';
import type { ClusterTools } from '../tools.js';
import { askedApps } from './asked-apps.js';
import { checkLogs } from './logs.js';
import type { VerifyRequest } from './request.js';
import { servicesFromPod } from './services-from-pod.js';
import { urlsFromPod } from './url-checks.js';

export interface PodsInput {
  readonly kube: Kube;
  /** Nodes that are Ready. */
  readonly nodes: readonly string[];
  readonly request: VerifyRequest;
  readonly tools: ClusterTools;
}

/** What one verification makes may take this much longer than its patience with pods. */
const SLACK_MS = 180_000;

const namesOf = ({ request, tools }: PodsInput): ProbeNames => ({
  namespace: `${NAMESPACE_PREFIX}${Buffer.from(tools.random.bytes(4)).toString('hex')}`,
  image: request.image,
  expires: new Date(tools.clock.now() + request.limitMs + SLACK_MS).toISOString(),
  pull: request.airgap ? 'Never' : 'IfNotPresent',
});

/** The ingress of the spec: its class, and what every node answers. */
const ingress = async (
  { kube, request, tools }: PodsInput,
  names: ProbeNames,
  probes: Probes,
): Promise<CheckResult[]> => {
  const { controller, className, ports, healthPath } = request.cluster.spec.ingress;
  if (controller === 'none') return [];
  const name = className ?? controller;
  const found = await kube.get({ resource: INGRESS_CLASSES, name }, { signal: tools.soft });
  if (!found.ok)
    return [
      fail({
        check: 'ingress',
        title: 'The class of the ingress is there',
        detail: `IngressClass ${name}: ${found.error.message}`,
      }),
    ];
  return checkIngress({ kube, names, probes, className: name, ports, healthPath, signal: tools.soft });
};

/** What is asked from where the ingress is: on the network of a node. */
const onNodeNetwork = (
  { kube, request: { cluster }, tools }: PodsInput,
  pod: { readonly namespace: string; readonly name: string; readonly node: string },
): readonly Promise<CheckResult[]>[] => {
  const at = { kube, pod, signal: tools.soft };
  return [
    urlsFromPod(cluster, { lab: isLab(tools), place: 'ingress' }, at),
    ...askedApps(cluster).map((application) => checkInside(application, at)),
  ];
};

/** Everything that the running probes are asked, all at once. */
const askProbes = async (input: PodsInput, names: ProbeNames, address: string): Promise<CheckResult[]> => {
  const { kube, nodes, request, tools } = input;
  const { cluster, limitMs } = request;
  const started = await startProbes({ kube, nodes, names, limitMs, signal: tools.soft }, address);
  if (!started.ok) return [started.error];
  const probes = started.value;
  const dnsNames = [
    ...new Set([
      ...cluster.spec.acceptance.dns,
      `probe.${names.namespace}.svc.${cluster.spec.network.domain}`,
    ]),
  ];
  const first = probes.sources.find(({ host }) => !host);
  const pod = { namespace: names.namespace, name: first?.pod ?? '' };
  const lab = isLab(tools);
  const onNode = probes.sources.findLast(({ host }) => host);
  const results = await Promise.all([
    tryNetwork({ kube, names, probes, dnsNames, signal: tools.soft }),
    ingress(input, names, probes),
    checkLogs(cluster, {
      kube,
      clock: tools.clock,
      signal: tools.soft,
      probes: names.namespace,
      nodes: probes.sources.flatMap(({ node, host }) => (host ? [] : [node])),
    }),
    ...(first === undefined
      ? []
      : [
          urlsFromPod(cluster, { lab, place: 'pod' }, { kube, pod, signal: tools.soft }),
          servicesFromPod(cluster, request.absent, { kube, pod, signal: tools.soft }),
        ]),
    ...(onNode === undefined
      ? []
      : onNodeNetwork(input, { namespace: names.namespace, name: onNode.pod, node: onNode.node })),
  ]);
  return results.flat();
};

/** Proves by pods in a namespace of their own, which is removed also when this is interrupted. */
export const checkByPods = async (input: PodsInput): Promise<CheckResult[]> => {
  const { kube, nodes, request, tools } = input;
  const names = namesOf(input);
  const common = { kube, names, limitMs: request.limitMs, signal: tools.soft };
  try {
    const address = await makeNamespace(common);
    if (!address.ok) return [address.error];
    const node = nodes.at(-1);
    const text = `kept for ${names.namespace}`;
    const hasVolumes = request.cluster.spec.addons.localPath.enabled && node !== undefined;
    const results = await Promise.all([
      askProbes(input, names, address.value),
      ...(request.airgap ? [] : [checkPull({ ...common, nodes })]),
      ...(hasVolumes ? [checkVolume({ ...common, node, text })] : []),
    ]);
    return results.flat();
  } finally {
    await removeProbes(kube, names.namespace);
  }
};

import type { Severity } from '../../core/events/finding.js';
import type { CollectorValue, HostFacts } from '../../facts/model/host-facts.js';
import { isServer, type Look, liveInstalls, observe, valueOf } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import type { Rule, RuleContext } from '../rule.js';

/** Programs of Kubernetes distributions: their ports are not "taken". */
const OWN = /^(k3s|rke2|k0s|kube|etcd|cloud-controll|containerd|flannel|microk8s|drover)/;

export interface PortTaken {
  readonly code: string;
  readonly title: string;
  readonly severity: Severity;
  readonly protocol: 'tcp' | 'udp';
  readonly ports: (context: RuleContext) => readonly number[];
  readonly serversOnly: boolean;
  /** Programs that run in pods: on hosts with a running Kubernetes they are its own. */
  readonly own?: RegExp;
  /** What needs the port binds the node's own address alone: loopback is not in its way, and what binds all addresses is never it. */
  readonly onNodeAddress?: boolean;
  readonly what: string;
  readonly explain: string;
  readonly causes?: readonly string[];
  /** What to do; default: stop it or move it. */
  readonly fix?: string;
}

/** The host runs a Kubernetes and the port's owner is not known: then the port is taken to be its own. */
const isOwn = (process: string | undefined, host: HostFacts, pods: RegExp | undefined): boolean => {
  const runs = liveInstalls(host).length > 0;
  return process === undefined ? runs : OWN.test(process) || (runs && pods?.test(process) === true);
};

const LOOPBACK = /^(127\.|::1$)/;
const EVERYWHERE = ['0.0.0.0', '::'];

type Listening = CollectorValue<'ports'>[number];

interface Use {
  readonly own: RegExp | undefined;
  readonly onNodeAddress: boolean;
}

const isInTheWay = (
  { address, process }: Listening,
  host: HostFacts,
  { own, onNodeAddress }: Use,
): boolean => {
  if (onNodeAddress && LOOPBACK.test(address)) return false;
  return (onNodeAddress && EVERYWHERE.includes(address)) || !isOwn(process, host, own);
};

/** UDP ports of the host's VXLAN devices: the kernel holds them, and other rules judge the devices. */
const devicePorts = (host: HostFacts): readonly number[] =>
  (valueOf(host, 'links') ?? []).flatMap(({ vxlan }) => (vxlan === undefined ? [] : [vxlan.port]));

/** Rules about ports that something else holds differ only in port and use. */
export const portTakenRule = ({
  protocol,
  ports,
  serversOnly,
  own,
  onNodeAddress = false,
  what,
  fix = 'stop it or move it to another port',
  ...rule
}: PortTaken): Rule => ({
  ...rule,
  reads: ['ports', 'kubernetes', 'links'],
  check: (context) => {
    const wanted = ports(context);
    const seen = observe(context, 'ports', (listening, host): Look[] => {
      if (serversOnly && !isServer(host)) return [];
      const devices = protocol === 'udp' ? devicePorts(host) : [];
      const held = listening.filter(
        (one) =>
          one.protocol === protocol &&
          wanted.includes(one.port) &&
          isInTheWay(one, host, { own, onNodeAddress }) &&
          !(one.process === undefined && devices.includes(one.port)),
      );
      const byPort = new Map(held.map((one) => [one.port, one]));
      return [...byPort.values()].map(({ port, address, process, pid }) => ({
        text: `${protocol.toUpperCase()} ${port} on ${address}: ${process ?? 'an unknown process'}${pid === undefined ? '' : ` (pid ${pid})`}`,
        at: `${protocol}/${port}`,
      }));
    });
    const held = [...new Set(seen.map(({ fact }) => fact.slice(fact.lastIndexOf('/') + 1)))].sort(
      (a, b) => Number(a) - Number(b),
    );
    return findingIf(seen, () => ({
      title: `Port ${held.join(' and ')} (${what}) is taken on ${where(seen)} by ${owners(seen)}`,
      cause: 'Another program listens on the port that Kubernetes needs.',
      fix: manual(`${fix}; see who it is: ss -lnp 'sport = :${held[0] ?? ''}'`),
    }));
  },
});

const owners = (seen: readonly { readonly text: string }[]): string =>
  [...new Set(seen.map(({ text }) => text.replace(/^.*?: /, '').replace(/ \(pid.*/, '')))]
    .slice(0, 3)
    .join(', ');

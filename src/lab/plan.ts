import { type Cidr, contains, formatAddress, nthAddress, parseAddress, parseCidr } from '../core/cidr.js';
import type { DroverError, DroverErrors } from '../core/error.js';
import { err, ok, type Result } from '../core/result.js';
import { sentence } from '../core/text.js';
import { type Cluster, type ClusterHost, isMember } from '../spec/cluster.js';
import { planCluster } from './cluster/plan.js';
import { labError } from './errors.js';
import { resourceErrors, type VmChoice, vmOf } from './resources.js';
import { labSettings } from './settings.js';
import type { LabPlan } from './state/schema.js';
import { vmCountErrors } from './vm/errors.js';

/** What the user may say about a lab besides the spec. */
export interface LabChoice {
  /** Name of the lab; default: the cluster's. */
  readonly name?: string;
  readonly routed: boolean;
  /** Only these hosts; empty = all members of the cluster. */
  readonly hosts: readonly string[];
  /** External hosts to make besides. */
  readonly with: readonly string[];
  /** Virtual machines; absent = containers. */
  readonly vm?: VmChoice;
  /** Make the cluster of the spec on the hosts, too. */
  readonly cluster?: boolean;
}

const LAB_NAME = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;

const nameErrors = (name: string): readonly DroverError[] =>
  LAB_NAME.test(name)
    ? []
    : [
        labError('lab-name', `'${name}' cannot be the name of a lab`, {
          hint: 'use lower-case letters, digits and dashes, at most 40 characters: `--name NAME`',
        }),
      ];

const unknownHosts = (cluster: Cluster, names: readonly string[]): readonly DroverError[] => {
  const known = new Set(cluster.hosts.map((host) => host.name));
  return names
    .filter((name) => !known.has(name))
    .map((name) =>
      labError('lab-host-unknown', `The spec has no host '${name}'`, {
        hint: `hosts of the spec: ${sentence([...known], 12)}`,
      }),
    );
};

const choose = (cluster: Cluster, choice: LabChoice): readonly ClusterHost[] => {
  const extra = new Set([
    ...choice.with,
    ...(choice.hosts.length === 0 ? labSettings(cluster).external : []),
  ]);
  const only = new Set(choice.hosts);
  const wanted = (host: ClusterHost): boolean => (only.size === 0 ? isMember(host) : only.has(host.name));
  return cluster.hosts.filter((host) => wanted(host) || extra.has(host.name));
};

const hostErrors = (hosts: readonly ClusterHost[], range: Cidr, rangeText: string): readonly DroverError[] =>
  hosts.flatMap((host) => {
    const address = parseAddress(host.address);
    const where = host.location === undefined ? {} : { location: host.location };
    if (address?.family !== 4) {
      return [
        labError('lab-spec', `${host.name}: the lab needs an IPv4 address, not '${host.address}'`, where),
      ];
    }
    if (contains(range, address)) return [];
    return [
      labError('lab-spec', `${host.name}: ${host.address} lies outside the node range ${rangeText}`, {
        ...where,
        hint: 'correct the address or spec.network.nodes',
      }),
    ];
  });

const conflictErrors = (
  hosts: readonly ClusterHost[],
  taken: ReadonlyMap<string, string>,
): readonly DroverError[] => {
  const owners = new Map(taken);
  const errors: DroverError[] = [];
  for (const host of hosts) {
    const owner = owners.get(host.address);
    owners.set(host.address, host.name);
    if (owner === undefined) continue;
    errors.push(
      labError('lab-address-conflict', `${host.name} and ${owner} both have the address ${host.address}`, {
        ...(host.location === undefined ? {} : { location: host.location }),
      }),
    );
  }
  return errors;
};

const planHost = (cluster: Cluster, host: ClusterHost): LabPlan['hosts'][number] => ({
  name: host.name,
  address: host.address,
  role: host.role,
  user: host.ssh?.user ?? cluster.spec.ssh.user ?? 'root',
  port: host.ssh?.port ?? cluster.spec.ssh.port ?? 22,
});

const emptyErrors = (hosts: readonly ClusterHost[], choice: LabChoice): readonly DroverError[] =>
  hosts.length > 0 || choice.hosts.length > 0
    ? []
    : [labError('lab-spec', 'The spec has no hosts to make', { hint: 'add hosts to spec.hosts' })];

const clusterErrors = (
  hosts: readonly ClusterHost[],
  choice: LabChoice,
  planned: ReturnType<typeof planCluster> | undefined,
): readonly DroverError[] => [
  ...(planned === undefined || planned.ok ? [] : planned.error),
  ...(planned === undefined || choice.vm === undefined
    ? []
    : [
        labError('lab-cluster-spec', '--cluster does not work with --vm', {
          hint: 'leave one of them out; on virtual machines `drover apply` makes the cluster',
        }),
      ]),
  ...(planned === undefined || hosts.some(({ role }) => role === 'server')
    ? []
    : [labError('lab-cluster-spec', 'A cluster needs a server, and none of the hosts is one')]),
];

/** Works out the lab of a spec, or everything that keeps the spec from becoming one. Pure. */
export const planLab = (cluster: Cluster, choice: LabChoice): Result<LabPlan, DroverErrors> => {
  const settings = labSettings(cluster);
  const name = choice.name ?? cluster.name;
  const nodes = cluster.spec.network.nodes;
  const range = parseCidr(nodes);
  if (range?.family !== 4) {
    return err([
      labError('lab-spec', `The lab needs an IPv4 node range, not '${nodes}'`, {
        hint: 'set spec.network.nodes',
      }),
    ]);
  }
  const first = nthAddress(range, 1);
  const gateway = first === undefined ? '' : formatAddress(first);
  const hosts = choose(cluster, choice);
  const planned = choice.cluster === true ? planCluster(cluster) : undefined;
  const taken = new Map([
    ...settings.resolvers.map((address) => [address, 'a resolver answered by the lab'] as const),
    [gateway, 'the gateway of the lab'] as const,
  ]);
  const errors = [
    ...nameErrors(name),
    ...unknownHosts(cluster, [...choice.hosts, ...choice.with]),
    ...hostErrors(hosts, range, nodes),
    ...conflictErrors(hosts, taken),
    ...(choice.vm === undefined ? [] : vmCountErrors(hosts.map((host) => host.name))),
    ...resourceErrors(cluster, choice.vm),
    ...clusterErrors(hosts, choice, planned),
    ...emptyErrors(hosts, choice),
  ];
  const [head, ...rest] = errors;
  if (head !== undefined) return err([head, ...rest]);
  return ok({
    name,
    ...(choice.vm === undefined ? {} : { vm: vmOf(cluster, choice.vm) }),
    specFile: cluster.file,
    specHash: cluster.hash,
    network: choice.routed ? 'routed' : settings.network,
    nodes,
    providerRange: cluster.spec.network.provider?.range ?? nodes,
    gateway,
    resolvers: [...settings.resolvers],
    ...(settings.firewall === undefined ? {} : { firewall: settings.firewall.map((rule) => ({ ...rule })) }),
    ...(planned?.ok === true ? { cluster: planned.value } : {}),
    hosts: hosts.map((host) => planHost(cluster, host)),
  });
};

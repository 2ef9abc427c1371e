import { type Address, cidrOf, contains, formatCidr, parseAddress, parseCidr } from '../core/cidr.js';
import type { ClusterHost } from './cluster.js';
import { DEFAULT_TABLE, type HostTable, readServersTsv, type TableOptions } from './servers-tsv.js';
import { roleOf } from './table/roles.js';

/** What a new spec is made from. */
export interface InitRequest {
  readonly name: string;
  /** The table's path as the spec will name it. */
  readonly table: string;
  readonly text: string;
  /** Address of the JSON Schema for editors. */
  readonly schema: string;
}

export interface InitResult {
  readonly table: HostTable;
  /** Absent when the table has errors. */
  readonly spec?: string;
}

const DEFAULT_RANGES = { pods: '10.42.0.0/16', services: '10.43.0.0/16' };

/** Values of ROLE that name a role themselves, for tables without SUBROLE. */
const ownRoles = (hosts: readonly ClusterHost[]): readonly string[] => [
  ...new Set(hosts.map(({ extra }) => extra['ROLE'] ?? '').filter((role) => roleOf(role) !== undefined)),
];

/** Reads the table with the usual filter; where no row matches, with the roles that ROLE itself names. */
const readTable = ({
  table,
  text,
}: InitRequest): { readonly hosts: HostTable; readonly where: TableOptions['where'] } => {
  const usual = readServersTsv(table, text);
  if (!usual.errors.some(({ code }) => code === 'table-no-member'))
    return { hosts: usual, where: DEFAULT_TABLE.where };
  const roles = ownRoles(usual.hosts);
  if (roles.length === 0) return { hosts: usual, where: DEFAULT_TABLE.where };
  const where = { ROLE: [...roles] };
  return { hosts: readServersTsv(table, text, { ...DEFAULT_TABLE, where }), where };
};

/** The smallest range, /24 or larger, that holds every member. */
const nodeRangeOf = (hosts: readonly ClusterHost[]): string => {
  const addresses = hosts
    .filter(({ role }) => role !== 'external')
    .map(({ address }) => parseAddress(address))
    .filter((address): address is Address => address !== undefined);
  const [first] = addresses;
  if (first === undefined) return '10.0.0.0/24';
  let prefix = first.family === 4 ? 24 : 64;
  while (prefix > 0 && !addresses.every((address) => contains(cidrOf(first, prefix), address))) prefix -= 1;
  return formatCidr(cidrOf(first, prefix));
};

const holds = (range: string, hosts: readonly ClusterHost[], nodes: string): boolean => {
  const cidr = parseCidr(range);
  const nodeCidr = parseCidr(nodes);
  if (cidr === undefined || nodeCidr === undefined) return false;
  return (
    contains(cidr, nodeCidr) ||
    contains(nodeCidr, cidr) ||
    hosts.some(({ address }) => {
      const parsed = parseAddress(address);
      return parsed !== undefined && contains(cidr, parsed);
    })
  );
};

/** The usual ranges, unless machines have addresses in them. */
const freeRanges = (hosts: readonly ClusterHost[], nodes: string): typeof DEFAULT_RANGES => {
  if (nodes.includes(':')) return { pods: 'fd42::/48', services: 'fd43::/112' };
  const free = [
    '10.42.0.0/16',
    '10.43.0.0/16',
    '10.244.0.0/16',
    '10.245.0.0/16',
    '172.24.0.0/16',
    '172.25.0.0/16',
  ].filter((range) => !holds(range, hosts, nodes));
  return { pods: free[0] ?? DEFAULT_RANGES.pods, services: free[1] ?? DEFAULT_RANGES.services };
};

const whereText = (where: TableOptions['where']): string =>
  Object.entries(where)
    .map(([column, value]) => `${column}: ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`)
    .join(', ');

const specText = (
  request: InitRequest,
  hosts: readonly ClusterHost[],
  where: TableOptions['where'],
): string => {
  const nodes = nodeRangeOf(hosts);
  const { pods, services } = freeRanges(hosts, nodes);
  const users = new Set(hosts.map(({ ssh }) => ssh?.user));
  const count = (role: string): number => hosts.filter((host) => host.role === role).length;
  return `# yaml-language-server: $schema=${request.schema}
#
# What the cluster should be. \`drover config explain PATH\` explains every key, \`drover config validate\` checks this
# file, \`drover doctor\` measures the machines.
apiVersion: drover/v1
kind: Cluster
metadata:
  name: ${request.name}
spec:
  # How Drover logs in. Keys that are missing come from your ssh configuration${users.has(undefined) ? '' : '; the table names the users'}.
  ssh:
    # user: root
    sudo: false # true: run commands through \`sudo -n\`

  # ${count('server')} servers, ${count('agent')} agents and ${count('external')} further hosts. Rows that \`where\` does not choose are known by name and left alone.
  hosts:
    file: ${request.table}
    where: { ${whereText(where)} }

  network:
    nodes: ${nodes} # the private network of the machines
    pods: ${pods} # cannot be changed later; must not overlap anything
    services: ${services}
    # What is known about the network that the machines stand in; the doctor measures the rest.
    # provider:
    #   kind: hetzner-cloud # hetzner-cloud, hetzner-robot, scaleway, other
    cni:
      name: flannel # flannel, calico, cilium, none
      mode: vxlan # \`drover doctor\` says which modes can work on these machines

  distribution:
    kind: k3s # k3s, kubespray
    version: v1.36.4+k3s1

  # How the API is reached: a load balancer in front of the servers, when there is one.
  api:
    # endpoint: api.example.com
    sans: []

  preparation:
    swap: off
    firewall:
      kind: keep # ufw, firewalld, keep, off
    # resolvers:
    #   servers: [1.1.1.1, 8.8.8.8]
    #   immutable: true

  ingress:
    controller: traefik # on every node, on the nodes' own ports 80 and 443

  # Further sections: addons, loadBalancers, externalServices, applications, monitoring, vault, acceptance, policy,
  # secrets, lab. \`drover config explain spec\` lists them.
`;
};

/** Makes a commented spec from a table of hosts. */
export const initSpec = (request: InitRequest): InitResult => {
  const { hosts: table, where } = readTable(request);
  return table.errors.length > 0 ? { table } : { table, spec: specText(request, table.hosts, where) };
};

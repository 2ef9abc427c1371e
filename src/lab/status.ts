import { labPaths } from './paths.js';
import { isAlive } from './processes.js';
import { listSnapshots } from './snapshots.js';
import type { LabState } from './state/schema.js';
import { listLabs, readState } from './state/store.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What `lab status` shows of one host. */
export interface HostStatus {
  readonly name: string;
  readonly role: string;
  readonly address: string;
  /** `lost`: the record says on, but its process has gone. */
  readonly power: 'on' | 'off' | 'lost';
  readonly faults: readonly string[];
  readonly throttle?: string;
}

export interface LabStatus {
  readonly name: string;
  readonly phase: LabState['phase'] | 'unreadable';
  readonly network?: string;
  readonly createdAt?: string;
  readonly spec?: string;
  /** What runs on the hosts when the lab was made with a cluster; `readyAt`: when all nodes were Ready last. */
  readonly cluster?: {
    readonly kind: 'engine' | 'real';
    readonly version: string;
    readonly readyAt?: string;
  };
  /** Address of the API on this machine, while a kubeconfig of the lab is in use. */
  readonly api?: string;
  readonly services?: 'on' | 'lost';
  readonly hosts: readonly HostStatus[];
  readonly partitions: readonly (readonly [string, string])[];
  readonly snapshots: readonly string[];
}

const hostStatus = async (state: LabState, host: LabState['hosts'][number]): Promise<HostStatus> => {
  const alive = host.process !== undefined && (await isAlive(host.process));
  const throttle = state.throttles[host.name];
  return {
    name: host.name,
    role: host.role,
    address: host.address,
    power: host.process === undefined ? 'off' : alive ? 'on' : 'lost',
    faults: state.faults.filter((fault) => fault.host === host.name).map((fault) => fault.id),
    ...(throttle === undefined ? {} : { throttle }),
  };
};

const clusterStatus = async ({ cluster, api }: LabState): Promise<Pick<LabStatus, 'cluster' | 'api'>> => {
  const forwarded = api !== undefined && (await isAlive(api.process));
  const shown = cluster && {
    kind: cluster.kind,
    version: cluster.version,
    ...(cluster.readyAt === undefined ? {} : { readyAt: cluster.readyAt }),
  };
  return {
    ...(shown === undefined ? {} : { cluster: shown }),
    ...(forwarded ? { api: `https://127.0.0.1:${api.port}` } : {}),
  };
};

const statusOf = async (env: Env, name: string): Promise<LabStatus> => {
  const paths = labPaths(env, name);
  const read = await readState(paths);
  const state = read.ok ? read.value : undefined;
  const nothing = { hosts: [], partitions: [], snapshots: [] };
  if (state === undefined) return { name, phase: read.ok ? 'starting' : 'unreadable', ...nothing };
  const serving = state.services !== undefined && (await isAlive(state.services));
  return {
    name,
    phase: state.phase,
    network: state.plan.network,
    createdAt: state.createdAt,
    ...(state.plan.specFile === undefined ? {} : { spec: state.plan.specFile }),
    services: serving ? 'on' : 'lost',
    ...(await clusterStatus(state)),
    hosts: await Promise.all(state.hosts.map((host) => hostStatus(state, host))),
    partitions: state.partitions,
    snapshots: await listSnapshots(paths),
  };
};

/** State of the labs of this user, by name. */
export const labStatus = async (env: Env): Promise<readonly LabStatus[]> =>
  Promise.all((await listLabs(env)).map((name) => statusOf(env, name)));

import type { z } from 'zod';
import type { SourceLocation } from '../core/error.js';
import type { HostTarget } from '../core/ports/transport.js';
import type { ClusterSpec } from './schema/cluster.js';
import type { hostSchema } from './schema/hosts.js';

/** A host with everything resolved: table rows and inline hosts look the same from here on. */
export type ClusterHost = z.output<typeof hostSchema> & {
  /** Columns of the table that Drover has no meaning for, kept as written. */
  readonly extra: Readonly<Record<string, string>>;
  /** Where the host stands in the user's files. */
  readonly location?: SourceLocation;
  /** Places of the cells that a host from a table is made of, by field. */
  readonly cells?: Readonly<Record<string, SourceLocation>>;
};

/** A spec after loading: defaults filled in, hosts read from their table, paths absolute. */
export interface Cluster {
  readonly name: string;
  readonly spec: Omit<ClusterSpec, 'hosts'>;
  /** Servers, agents and external hosts, in the order of the user's file. */
  readonly hosts: readonly ClusterHost[];
  /** SHA-256 over the effective spec, hex. */
  readonly hash: string;
  /** Absolute path of the spec file. */
  readonly file: string;
  /** Finds the place of a spec path such as `spec.network.pods`, for findings and errors. */
  readonly locate: (path: string) => SourceLocation | undefined;
}

export const isMember = (host: ClusterHost): boolean => host.role !== 'external';

/** How the transport reaches a host of the spec. */
export const targetOf = (cluster: Cluster, host: ClusterHost): HostTarget => {
  const ssh = { ...cluster.spec.ssh, ...host.ssh };
  return {
    name: host.name,
    address: host.address,
    ...(ssh.user === undefined ? {} : { user: ssh.user }),
    ...(ssh.port === undefined ? {} : { port: ssh.port }),
    ...(ssh.identityFile === undefined ? {} : { identityFile: ssh.identityFile }),
    ...(ssh.jump === undefined ? {} : { jump: ssh.jump }),
    sudo: ssh.sudo,
  };
};

import type { Cluster } from '../../spec/cluster.js';
import {
  type Vault,
  type VaultApplication,
  vaultApplications,
  vaultPaths,
  vaultRole,
} from '../../spec/vault.js';

/** A role of the Kubernetes login, and what its policy lets it read. */
export interface VaultRole {
  readonly name: string;
  readonly serviceAccounts: readonly string[];
  readonly namespaces: readonly string[];
  readonly paths: readonly string[];
}

const unique = (all: readonly string[]): readonly string[] => [...new Set(all)].sort();

const roleOf = (name: string, applications: readonly VaultApplication[]): VaultRole => ({
  name,
  serviceAccounts: unique(applications.map((application) => application.name)),
  namespaces: unique(applications.map(({ namespace }) => namespace)),
  paths: unique(applications.flatMap(vaultPaths)),
});

/** Every role that the applications of a cluster log in with: one each, unless the spec lets some share one. */
export const vaultRoles = (cluster: Cluster): readonly VaultRole[] => {
  const applications = vaultApplications(cluster);
  const names = unique(applications.map((application) => vaultRole(cluster.name, application)));
  return names.map((name) =>
    roleOf(
      name,
      applications.filter((application) => vaultRole(cluster.name, application) === name),
    ),
  );
};

const allowed = (path: string): string => `path "${path}" {\n  capabilities = ["read"]\n}\n`;

/**
 * A policy in HCL: to read these secrets and nothing else. Of their metadata, too: it tells the newest version, by which a
 * verification sees that it has reached the pods.
 */
export const policyText = ({ mount }: Pick<Vault, 'mount'>, { paths }: Pick<VaultRole, 'paths'>): string =>
  paths.flatMap((path) => [`${mount}/data/${path}`, `${mount}/metadata/${path}`].map(allowed)).join('');

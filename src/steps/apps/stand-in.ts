import type { Cluster } from '../../spec/cluster.js';
import { type ExternalService, serviceHosts } from '../../spec/service-address.js';
import { vaultApplications, vaultHost } from '../../spec/vault.js';
import { SECRETS_FOLDER } from '../vault/places.js';
import { type Application, type AppsInput, enabledApps } from './input.js';

/** What the stand-in opens before it is ready; the shape that lab/standin reads. */
interface Need {
  readonly name: string;
  readonly kind: string;
  /** HOST:PORT, by the name inside the cluster. */
  readonly address: string;
  readonly tls: boolean;
  /** Path of a check over HTTP. */
  readonly path?: string;
  /** Variables that hold name and password. */
  readonly username?: string;
  readonly password?: string;
}

type Env = Application['env'];

/** Files that must be there before the stand-in is ready. */
const filesOf = ({ vault }: Application, { cluster }: AppsInput): Env =>
  vault === undefined || cluster.spec.vault === undefined
    ? {}
    : { STANDIN_FILES: vault.files.map(({ name }) => `${SECRETS_FOLDER}/${name}`).join(',') };

const isAbsent = (cluster: Cluster, service: ExternalService, absent: readonly string[]): boolean =>
  serviceHosts(cluster, service).some((host) => absent.includes(host));

/** External services that enabled applications need and that a lab has no host for. */
export const missingInLab = ({ cluster, lab }: AppsInput): readonly string[] => {
  const needed = new Set(enabledApps(cluster).flatMap(({ needs }) => needs));
  return cluster.spec.externalServices
    .filter((service) => needed.has(service.name) && isAbsent(cluster, service, lab?.absent ?? []))
    .map(({ name }) => name);
};

const variable = (service: string, what: string): string =>
  `STANDIN_${service.replaceAll('-', '_').toUpperCase()}_${what}`;

const serviceNeed = (service: ExternalService): { readonly need: Need; readonly env: Env } => {
  const { name, kind, port, tls, health, credentials = {} } = service;
  const env = Object.fromEntries(
    Object.entries(credentials).map(([what, reference]) => [variable(name, what.toUpperCase()), reference]),
  );
  return {
    env,
    need: {
      name,
      kind,
      address: `${name}:${port}`,
      tls,
      ...(health.protocol === 'tcp' || health.path === undefined ? {} : { path: health.path }),
      ...(credentials.username === undefined ? {} : { username: variable(name, 'USERNAME') }),
      ...(credentials.password === undefined ? {} : { password: variable(name, 'PASSWORD') }),
    },
  };
};

const applicationNeed = (needed: Application): readonly Need[] => {
  const [first] = needed.ports;
  if (first === undefined) return [];
  const address = `${needed.name}.${needed.namespace}.svc.cluster.local:${first.port}`;
  const path = needed.probes.readiness?.path ?? '/';
  return [{ name: needed.name, kind: 'application', address, tls: false, path }];
};

/** Does this lab lack the host that Vault runs on? Then nobody could fill files, and pods would wait for ever. */
const isVaultMissing = ({ cluster, lab }: AppsInput): boolean =>
  lab?.absent.includes(vaultHost(cluster) ?? '') === true;

/** Applications that get files from a Vault which a lab has no host for. */
export const withoutVault = (input: AppsInput): readonly string[] =>
  isVaultMissing(input) ? vaultApplications(input.cluster).map(({ name }) => name) : [];

/** The spec as a lab has it: its own program in place of Vault's agent, or none at all. */
export const standInInput = (input: AppsInput): AppsInput => {
  const { cluster, lab } = input;
  const { vault, ...rest } = cluster.spec;
  if (lab === undefined || vault === undefined) return input;
  const own = { ...vault, agent: { ...vault.agent, by: 'drover' as const, image: lab.vault } };
  const spec = isVaultMissing(input) ? rest : { ...rest, vault: own };
  return { ...input, cluster: { ...cluster, spec } };
};

/**
 * An application as a lab runs it: everything as in the spec but the program, which opens what the application needs with
 * the secrets that it is given, and is unready otherwise.
 */
export const standInFor = (application: Application, input: AppsInput): Application => {
  const { cluster, lab } = input;
  if (lab === undefined) return application;
  const services = cluster.spec.externalServices
    .filter(({ name }) => application.needs.includes(name))
    .filter((service) => !isAbsent(cluster, service, lab.absent))
    .map(serviceNeed);
  const needs = [
    ...services.map(({ need }) => need),
    ...enabledApps(cluster)
      .filter(({ name }) => application.needs.includes(name))
      .flatMap(applicationNeed),
  ];
  const ports = application.ports.filter(({ protocol }) => protocol === 'TCP').map(({ port }) => port);
  const { command: _command, args: _args, pullSecret: _pullSecret, ...same } = application;
  return {
    ...same,
    image: lab.standIn,
    env: {
      ...application.env,
      ...Object.fromEntries(services.flatMap(({ env }) => Object.entries(env))),
      STANDIN_NAME: application.name,
      STANDIN_PORTS: ports.join(','),
      STANDIN_NEEDS: JSON.stringify(needs),
      ...filesOf(application, input),
    },
  };
};

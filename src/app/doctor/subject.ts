import { didYouMean } from '../../core/did-you-mean.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import type { HostTarget } from '../../core/ports/transport.js';
import type { Realm } from '../../core/realm.js';
import { err, ok, partition, type Result } from '../../core/result.js';
import type { HostFacts } from '../../facts/model/host-facts.js';
import { targetInLab } from '../../lab/realm.js';
import { type Cluster, isMember, targetOf } from '../../spec/cluster.js';
import { outsideLab } from './outside-lab.js';

/** A host that the doctor is to look at. */
export interface DoctorHost {
  readonly target: HostTarget;
  readonly role: HostFacts['role'];
}

/** What the doctor is to look at: the machines of a spec, or bare addresses. */
export interface Subject {
  readonly cluster: Cluster | undefined;
  readonly hosts: readonly DoctorHost[];
}

/** How the servers among hosts are reached. */
export const serverTargets = (hosts: readonly DoctorHost[]): readonly HostTarget[] =>
  hosts.flatMap(({ role, target }) => (role === 'server' ? [target] : []));

const ADDRESS =
  /^(?:(?<user>[A-Za-z0-9_][A-Za-z0-9_.-]*)@)?(?:\[(?<ip6>[0-9A-Fa-f:.%a-z]+)\]|(?<host>[^@\s:/-][^@\s:/]*)|(?<bare>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*))(?::(?<port>\d{1,5}))?$/;

const badAddress = (text: string, why: string): DroverError => ({
  code: 'doctor-address',
  message: `'${text}' ${why}`,
  state: 'nothing was done',
  hint: 'write HOST, USER@HOST or USER@HOST:PORT',
});

const parseAddress = (text: string): Result<DoctorHost, DroverError> => {
  const { user, ip6, host, bare, port } = ADDRESS.exec(text)?.groups ?? {};
  const address = ip6 ?? host ?? bare;
  if (address === undefined) return err(badAddress(text, 'is no address of a host'));
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && (number < 1 || number > 65535))
    return err(badAddress(text, 'has no valid port'));
  return ok({
    role: 'unknown',
    target: {
      name: number === undefined ? address : `${address}:${number}`,
      address,
      ...(user === undefined ? {} : { user }),
      ...(number === undefined ? {} : { port: number }),
      // Without a spec nobody said how to become root: everybody but root asks sudo.
      ...(user === undefined || user === 'root' ? {} : { sudo: true }),
    },
  });
};

const asErrors = (errors: readonly DroverError[]): DroverErrors | undefined => {
  const [first, ...rest] = errors;
  return first === undefined ? undefined : [first, ...rest];
};

/** Hosts as they are named on the command line. */
export const subjectOfAddresses = (addresses: readonly string[]): Result<Subject, DroverErrors> => {
  const { values, errors } = partition(addresses.map(parseAddress));
  const names = values.map(({ target }) => target.name);
  const twice = names
    .filter((name, at) => names.indexOf(name) !== at)
    .map((name) => badAddress(name, 'is named twice'));
  const all = asErrors([...errors, ...twice]);
  return all === undefined ? ok({ cluster: undefined, hosts: values }) : err(all);
};

/**
 * Servers and agents of a spec with external hosts `beside` them, or the hosts that `only` names. In a lab they are reached
 * the lab's way.
 */
export const subjectOfCluster = (
  cluster: Cluster,
  realm: Realm,
  { only, beside = [] }: { readonly only: readonly string[]; readonly beside?: readonly string[] },
): Result<Subject, DroverErrors> => {
  const misplaced = outsideLab(cluster, realm);
  if (misplaced !== undefined) return err([misplaced]);
  const names = cluster.hosts.map(({ name }) => name);
  const unknown = asErrors(
    only.filter((name) => !names.includes(name)).map((name) => unknownHost(name, names)),
  );
  if (unknown !== undefined) return err(unknown);
  const chosen = cluster.hosts.filter((host) =>
    only.length === 0 ? isMember(host) || beside.includes(host.name) : only.includes(host.name),
  );
  const hosts = chosen.map((host): DoctorHost => {
    const target = targetOf(cluster, host);
    return { role: host.role, target: realm.kind === 'lab' ? targetInLab(target) : target };
  });
  return ok({ cluster, hosts });
};

export const unknownHost = (name: string, known: readonly string[]): DroverError => {
  const meant = didYouMean(name, known);
  return {
    code: 'doctor-host-unknown',
    message: `no host is named '${name}'`,
    state: 'nothing was done',
    hint: meant === undefined ? `hosts: ${known.join(', ')}` : `did you mean ${meant}?`,
  };
};

import type { HostFacts } from '../model/host-facts.js';
import type { Trace } from '../model/kubernetes.js';
import type { CniMode, CniName, DriverId, ResidueSign } from './driver.js';
import { drivers } from './drivers.js';

/** A network that keeps what it has. A type alias is JSON, an interface is not. */
export type Kept = { readonly driver: DriverId; readonly mode: CniMode | null };

/** Who makes things on hosts: a cluster network, or K3s' own controller of NetworkPolicies, which is kube-router's. */
export type Maker = CniName | 'kube-router';

/** One thing on a host that nothing in use has made. */
export interface Residue {
  readonly cni: Maker;
  readonly trace: Trace;
}

/** What a host keeps. A type alias is JSON, an interface is not. */
export type Keeps = {
  readonly kept: readonly Kept[];
  /** False = K3s' own controller of NetworkPolicies is off, so that its rules are left; default: it may be on. */
  readonly policies?: boolean;
};

const fits = ({ kind, name }: ResidueSign, trace: Trace): boolean =>
  kind === trace.kind && name.test(trace.name);

/** Which network makes such things; the first of the catalogue where several do. */
const makerOf = (trace: Trace): CniName | undefined =>
  drivers.find(({ residue }) => residue.some((sign) => fits(sign, trace)))?.cni;

/** A network whose mode is not known keeps the devices of all its modes. */
const keeps = ({ driver, mode }: Kept, trace: Trace): boolean =>
  drivers
    .filter(({ id }) => id === driver)
    .flatMap(({ residue }) => residue)
    .some(
      (sign) =>
        fits(sign, trace) &&
        (mode === null || sign.modes === undefined || sign.modes.includes(mode)) &&
        (sign.drivers === undefined || sign.drivers.includes(driver)),
    );

/** The device of protocol 4 belongs to the kernel module and stays in every network namespace: it counts while it is up. */
const isIdle = (host: HostFacts, { kind, name }: Trace): boolean =>
  kind === 'link' &&
  name === 'tunl0' &&
  host.sections.links?.value?.some((link) => link.name === name && (link.up || link.addresses.length > 0)) !==
    true;

/**
 * A device that routes still lead to may be in use, whatever settings say: they count from the next start. That is
 * asked of networks that are in use in another mode; of others nothing is used.
 */
const carries = (host: HostFacts, kept: readonly Kept[], cni: CniName, { kind, name }: Trace): boolean => {
  if (kind !== 'link' && kind !== 'route') return false;
  if (!kept.some(({ driver }) => drivers.some(({ id, cni: of }) => id === driver && of === cni)))
    return false;
  const device = kind === 'link' ? name : (/ dev (\S+)/.exec(name)?.[1] ?? '');
  return (host.sections.routes?.value?.routes ?? []).some(
    (route) => route.device === device && route.protocol !== 'kernel' && route.gateway !== undefined,
  );
};

const POLICY_KINDS: ReadonlySet<Trace['kind']> = new Set(['chain', 'ipset', 'nft-table']);

/** Its chains go on judging by the addresses of pods that are gone, and reject what comes from new ones. */
const isPolicyRule = ({ owner, kind }: Trace): boolean => owner === 'kube-router' && POLICY_KINDS.has(kind);

/** Everything on a host that cluster networks made and that nothing which is kept uses. Pure. */
export const residueOf = (host: HostFacts, { kept, policies = true }: Keeps): readonly Residue[] =>
  (host.sections.traces?.value ?? []).flatMap((trace): readonly Residue[] => {
    if (isPolicyRule(trace)) return policies ? [] : [{ cni: 'kube-router', trace }];
    const cni = makerOf(trace);
    if (cni === undefined || kept.some((one) => keeps(one, trace))) return [];
    if (isIdle(host, trace) || carries(host, kept, cni, trace)) return [];
    return [{ cni, trace }];
  });

const POD_LINK = /^(cali|lxc)[0-9a-f]+$/;

/** Devices of pods that still hang on residue: each ends in a pod that lives, or it would be gone. */
export const podLinksOn = (host: HostFacts, residue: readonly Residue[]): readonly string[] => {
  const going = new Set(residue.filter(({ trace }) => trace.kind === 'link').map(({ trace }) => trace.name));
  return (host.sections.links?.value ?? [])
    .filter(
      ({ name, kind, master }) =>
        kind === 'veth' &&
        ((POD_LINK.test(name) && going.has(name)) || (master !== undefined && going.has(master))),
    )
    .map(({ name }) => name);
};

import { cniOf, filesThatCount, splitPath } from '../facts/cni/in-use.js';
import type { CollectorValue, HostFacts } from '../facts/model/host-facts.js';
import type { Trace } from '../facts/model/kubernetes.js';
import { liveInstalls } from './access.js';

export { cniOf, filesThatCount, splitPath };

export type Owner = Trace['owner'];

type Cni = CollectorValue<'cni'>;

const OWNERS: readonly Owner[] = ['flannel', 'calico', 'cilium', 'weave'];

/** Which cluster network a configuration file belongs to. */
export const ownerOfFile = (file: Cni['files'][number]): Owner | undefined => {
  const text = `${splitPath(file.path).name} ${file.type ?? ''} ${file.name ?? ''}`.toLowerCase();
  if (text.includes('cbr0')) return 'flannel';
  if (text.includes('labnet')) return 'lab';
  return OWNERS.find((owner) => text.includes(owner));
};

/** The cluster networks in use on a host: the first file that is read, or Flannel inside K3s. Empty without a running Kubernetes. */
export const activeNetworks = (host: HostFacts): ReadonlySet<Owner> => {
  const live = liveInstalls(host);
  if (live.length === 0) return new Set();
  const cni = cniOf(host);
  const first = cni === undefined ? undefined : filesThatCount(cni)[0];
  const used = first === undefined ? undefined : ownerOfFile(first);
  if (used !== undefined) return new Set([used]);
  const flannelOff = live.some(({ settings }) => settings['flannel-backend']?.value === 'none');
  return new Set(live.some(({ kind }) => kind === 'k3s') && !flannelOff ? ['flannel'] : []);
};

/** Names of several traces for one line: "link flannel.1, chain FLANNEL-POSTRTG and 4 more". */
export const tracesText = (traces: readonly Trace[]): string => {
  const shown = traces.slice(0, 5).map(({ kind, name }) => `${kind} ${name}`);
  return traces.length > 5 ? `${shown.join(', ')} and ${traces.length - 5} more` : shown.join(', ');
};

import { installerOf } from '../../spec/cni.js';
import type { ClusterSpec } from '../../spec/schema/cluster.js';
import { calicoAddressing } from './addressing/calico.js';
import { ciliumAddressing } from './addressing/cilium.js';
import { flannelAddressing } from './addressing/flannel.js';
import { labAddressing } from './addressing/lab.js';
import type { CniName, Driver, DriverId } from './driver.js';
import { calicoEncapsulations } from './encapsulations/calico.js';
import { ciliumEncapsulations } from './encapsulations/cilium.js';
import { flannelEncapsulations } from './encapsulations/flannel.js';
import { labEncapsulations } from './encapsulations/lab.js';
import { calicoHealth } from './health/calico.js';
import { ciliumHealth } from './health/cilium.js';
import { flannelHealth } from './health/flannel.js';
import { labHealth } from './health/lab.js';
import { calicoResidue } from './residue/calico.js';
import { ciliumResidue } from './residue/cilium.js';
import { flannelResidue } from './residue/flannel.js';
import { labResidue } from './residue/lab.js';
import { calicoManifestSigns, calicoOperatorSigns } from './signs/calico.js';
import { ciliumSigns } from './signs/cilium.js';
import { flannelDaemonSetSigns, flannelK3sSigns } from './signs/flannel.js';
import { labSigns } from './signs/lab.js';

const flannel = {
  cni: 'flannel',
  encapsulations: flannelEncapsulations,
  addressing: flannelAddressing,
  residue: flannelResidue,
  health: flannelHealth,
} as const;

const calico = {
  cni: 'calico',
  encapsulations: calicoEncapsulations,
  addressing: calicoAddressing,
  residue: calicoResidue,
  health: calicoHealth,
  asymmetric: true,
} as const;

/** All cluster networks, by the way in which they are installed. */
export const drivers: readonly Driver[] = [
  { ...flannel, id: 'flannel-k3s', by: 'flannel/k3s', title: 'Flannel inside K3s', signs: flannelK3sSigns },
  {
    ...flannel,
    id: 'flannel-daemonset',
    by: 'flannel/daemonset',
    title: 'Flannel as a DaemonSet',
    signs: flannelDaemonSetSigns,
  },
  {
    ...calico,
    id: 'calico-manifest',
    by: 'calico/manifest',
    title: 'Calico by manifest',
    signs: calicoManifestSigns,
  },
  {
    ...calico,
    id: 'calico-operator',
    by: 'calico/operator',
    title: 'Calico by its operator',
    signs: calicoOperatorSigns,
    tcp: [5473],
  },
  {
    id: 'cilium',
    by: 'cilium/chart',
    cni: 'cilium',
    title: 'Cilium',
    encapsulations: ciliumEncapsulations,
    addressing: ciliumAddressing,
    signs: ciliumSigns,
    residue: ciliumResidue,
    health: ciliumHealth,
    asymmetric: true,
  },
  {
    id: 'lab-daemonset',
    by: 'lab/daemonset',
    cni: 'lab',
    title: 'labnet of the lab',
    encapsulations: labEncapsulations,
    addressing: labAddressing,
    signs: labSigns,
    residue: labResidue,
    health: labHealth,
    asymmetric: true,
  },
];

export const driverOf = (id: DriverId): Driver => {
  const found = drivers.find((driver) => driver.id === id);
  if (found === undefined) throw new Error(`no driver ${id}`);
  return found;
};

/** The drivers of one network, the usual one first. */
export const driversOf = (cni: CniName): readonly Driver[] => drivers.filter((driver) => driver.cni === cni);

/** The driver that the spec asks for; undefined = it brings no network. */
export const driverAsked = (network: ClusterSpec['network']): Driver | undefined => {
  const by = installerOf(network);
  return drivers.find((driver) => driver.by === by);
};

import type { Kube } from '../../src/core/ports/kube.js';
import { labImage } from './application.js';
import type { BenchLab } from './lab.js';
import { seconds } from './measure.js';
import { type Outage, ofPairs, ofServices, priceOf } from './outages.js';
import type { Table } from './page.js';
import type { Watched } from './watch.js';

export const HOSTS = 5;
export const SERVERS = 3;

/** What one way of changing the network came to. */
export interface Part {
  readonly about: string;
  readonly rows: readonly Row[];
}

type Row = Table[number];

export const HEAD: Row = [
  'way',
  'work',
  'outages of pairs of pods',
  'median',
  'longest',
  'ClusterIP, of pods that ran on',
];

/** One line of the table. */
export const row = (what: string, work: string, outages: readonly Outage[]): Row => {
  const { count, medianMs, maxMs } = priceOf(ofPairs(outages));
  const services = priceOf(ofServices(outages));
  const lost = services.count === 0 ? 'none' : `${services.count}, longest ${seconds(services.maxMs)}`;
  return [what, work, String(count), seconds(medianMs), seconds(maxMs), lost];
};

export const DNS_NAME = 'kubernetes.default.svc.cluster.local';

/** What is watched while somebody changes the network. */
export const watchedIn = (lab: BenchLab, kube: Kube): Watched => {
  const addresses = nodesOf(lab);
  const services = { dns: '10.43.0.10', name: DNS_NAME, out: null };
  const nodes = [...addresses.keys()];
  const params = { everyMs: 200, image: labImage('busybox'), nodes, services, blindMs: 300_000 };
  return { lab: lab.name, kube, params, addresses };
};

/** Addresses of the nodes by their names. */
const nodesOf = (lab: BenchLab): ReadonlyMap<string, string> =>
  new Map(lab.hosts.map((address, at) => [`${at < SERVERS ? 'server' : 'agent'}-${at + 1}`, address]));

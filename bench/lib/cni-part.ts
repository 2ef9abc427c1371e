import type { BenchLab } from './lab.js';
import { seconds } from './measure.js';
import { type Outage, ofPairs, ofServices, priceOf } from './outages.js';
import type { Table } from './page.js';

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

/** Addresses of the nodes by their names. */
export const nodesOf = (lab: BenchLab): ReadonlyMap<string, string> =>
  new Map(lab.hosts.map((address, at) => [`${at < SERVERS ? 'server' : 'agent'}-${at + 1}`, address]));

import type { Source } from '../alerts/alert.js';
import type { Board } from './board.js';
import { clusterBoard, etcdBoard } from './cluster.js';
import { logsBoard } from './logs.js';
import { dnsBoard, ingressBoard } from './network.js';
import { nodesBoard } from './nodes.js';
import { postgresBoard, redisBoard } from './services.js';
import { applicationsBoard, volumesBoard } from './workloads.js';

/** Every dashboard that Drover brings. */
export const boards: readonly Board[] = [
  nodesBoard,
  clusterBoard,
  etcdBoard,
  ingressBoard,
  dnsBoard,
  volumesBoard,
  applicationsBoard,
  logsBoard,
  postgresBoard,
  redisBoard,
];

export const boardsFor = (sources: ReadonlySet<Source>): readonly Board[] =>
  boards.filter(({ source }) => source === undefined || sources.has(source));

import type { HostRole } from '../schema/hosts.js';
import { normalise } from './columns.js';

type MemberRole = Exclude<HostRole, 'external'>;

const ROLES: Readonly<Record<MemberRole, readonly string[]>> = {
  server: [
    'master',
    'server',
    'serveur',
    'controlplane',
    'controlplan',
    'k3scontrolplane',
    'k3sserver',
    'k3smaster',
    'manager',
  ],
  agent: ['worker', 'agent', 'node', 'noeud', 'k3snode', 'k3sagent', 'k3sworker', 'minion'],
};

/** The part in the cluster that a word names: master is a server, worker an agent. */
export const roleOf = (word: string): MemberRole | undefined =>
  (Object.keys(ROLES) as MemberRole[]).find((role) => ROLES[role].includes(normalise(word)));

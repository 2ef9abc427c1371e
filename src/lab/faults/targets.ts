import type { LabHost } from '../state/schema.js';
import type { DefaultTargets, Fault } from './fault.js';

const pick = (hosts: readonly LabHost[], wanted: DefaultTargets): readonly LabHost[] => {
  const servers = hosts.filter((host) => host.role === 'server');
  const members = hosts.filter((host) => host.role !== 'external');
  switch (wanted) {
    case 'all':
      return members;
    case 'agent':
      return members.slice(-1);
    case 'server':
      return servers.length === 0 ? members.slice(0, 1) : servers.slice(-1);
    case 'two':
      return members.slice(-2);
    case 'two-servers':
      return servers.length < 2 ? members.slice(0, 2) : servers.slice(0, 2);
  }
};

/** How many hosts a fault needs at least. */
export const leastTargets = ({ targets }: Pick<Fault, 'targets'>): number =>
  targets === 'two' || targets === 'two-servers' ? 2 : 1;

/** The hosts that a fault takes when the user names none: those on which it does most harm. */
export const defaultTargets = (
  fault: Pick<Fault, 'targets'>,
  hosts: readonly LabHost[],
): readonly LabHost[] => pick(hosts, fault.targets);

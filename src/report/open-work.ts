import type { DroverEvent, Phase } from '../core/events/event.js';
import { unreachable } from '../core/unreachable.js';

export interface OpenHost {
  readonly host: string;
  readonly text: string;
}

/** What is going on right now: for live lines and heartbeats. */
export interface OpenWork {
  readonly phase:
    | { readonly phase: Phase; readonly title: string; readonly total: number | undefined }
    | undefined;
  readonly done: number;
  readonly hosts: readonly OpenHost[];
  readonly waiting: string | undefined;
}

export const noWork: OpenWork = { phase: undefined, done: 0, hosts: [], waiting: undefined };

const withHost = (work: OpenWork, host: string, text: string): OpenWork => {
  const known = work.hosts.some((open) => open.host === host);
  return {
    ...work,
    hosts: known
      ? work.hosts.map((open) => (open.host === host ? { host, text } : open))
      : [...work.hosts, { host, text }],
  };
};

const withoutHost = (work: OpenWork, host: string): OpenWork => ({
  ...work,
  done: work.done + 1,
  hosts: work.hosts.filter((open) => open.host !== host),
});

export const trackWork = (work: OpenWork, event: DroverEvent): OpenWork => {
  switch (event.type) {
    case 'phase-start':
      return {
        phase: { phase: event.phase, title: event.title, total: event.total },
        done: 0,
        hosts: [],
        waiting: undefined,
      };
    case 'phase-done':
      return noWork;
    case 'host-start':
      return withHost(work, event.host, '');
    case 'host-progress':
      return withHost(work, event.host, event.text);
    case 'host-done':
    case 'host-failed':
      return withoutHost(work, event.host);
    case 'waiting':
      return {
        ...work,
        waiting: event.last === undefined ? event.what : `${event.what}, last: ${event.last}`,
      };
    case 'action-intent':
      return withHost(work, event.action, '');
    case 'action-progress':
      return withHost(work, event.action, event.text);
    case 'action-done':
    case 'action-failed':
      return withoutHost(work, event.action);
    case 'stage-start':
      return {
        phase: { phase: 'apply', title: event.goal, total: event.actions },
        done: 0,
        hosts: [],
        waiting: undefined,
      };
    case 'run-done':
      return noWork;
    case 'run-start':
    case 'action-checkpoint':
    case 'action-saved':
    case 'items-intent':
    case 'items-done':
    case 'action-skipped':
    case 'guard-breach':
    case 'outages':
    case 'check-result':
    case 'verify-summary':
    case 'version':
    case 'note':
    case 'diagnostic':
    case 'finding':
    case 'matrix':
    case 'service':
    case 'verdict':
    case 'doctor-summary':
      return work;
    default:
      return unreachable(event);
  }
};

import type { DroverError } from '../core/error.js';
import type { DroverEvent } from '../core/events/event.js';
import type { Finding, Severity } from '../core/events/finding.js';
import type { Matrix } from '../core/events/matrix.js';
import type { Service } from '../core/events/service.js';
import type { Verdict } from '../core/events/verdict.js';
import { unreachable } from '../core/unreachable.js';
import type { CheckResult } from '../verify/check.js';

export interface HostOutcome {
  readonly host: string;
  readonly ok: boolean;
  readonly text: string;
  readonly durationMs: number;
}

export type VerifySummary = Omit<Extract<DroverEvent, { type: 'verify-summary' }>, 'type'>;
export type DoctorSummary = Omit<Extract<DroverEvent, { type: 'doctor-summary' }>, 'type'>;

/** Everything that a report document shows, gathered from the event stream. */
export interface ReportState {
  readonly tool: string;
  readonly realm: string;
  readonly hosts: readonly HostOutcome[];
  readonly notes: readonly {
    readonly level: 'info' | 'warning';
    readonly text: string;
    readonly host?: string | undefined;
  }[];
  readonly diagnostics: readonly { readonly severity: Severity; readonly error: DroverError }[];
  readonly findings: readonly Finding[];
  readonly matrices: readonly Matrix[];
  /** Services outside the cluster, as nodes heard them. */
  readonly services: readonly Service[];
  readonly verdicts: readonly Verdict[];
  readonly summary: DoctorSummary | undefined;
  readonly checks: readonly CheckResult[];
  readonly verify: VerifySummary | undefined;
}

export const emptyReport: ReportState = {
  tool: '',
  realm: 'real',
  hosts: [],
  notes: [],
  diagnostics: [],
  findings: [],
  matrices: [],
  services: [],
  verdicts: [],
  summary: undefined,
  checks: [],
  verify: undefined,
};

const withHost = (state: ReportState, outcome: HostOutcome): ReportState => ({
  ...state,
  hosts: [...state.hosts.filter(({ host }) => host !== outcome.host), outcome],
});

export const addEvent = (state: ReportState, event: DroverEvent): ReportState => {
  switch (event.type) {
    case 'version':
      return { ...state, tool: event.tool, realm: event.realm };
    case 'host-done':
      if (event.phase !== 'facts') return state;
      return withHost(state, { host: event.host, ok: true, text: event.text, durationMs: event.durationMs });
    case 'host-failed':
      return withHost(state, {
        host: event.host,
        ok: false,
        text: event.error.message,
        durationMs: event.durationMs,
      });
    case 'note':
      return {
        ...state,
        notes: [...state.notes, { level: event.level, text: event.text, host: event.host }],
      };
    case 'diagnostic':
      return {
        ...state,
        diagnostics: [...state.diagnostics, { severity: event.severity, error: event.error }],
      };
    case 'finding':
      return { ...state, findings: [...state.findings, event.finding] };
    case 'matrix':
      return { ...state, matrices: [...state.matrices, event.matrix] };
    case 'service':
      return { ...state, services: [...state.services, event.service] };
    case 'verdict':
      return { ...state, verdicts: [...state.verdicts, event.verdict] };
    case 'doctor-summary': {
      const { type: _, ...summary } = event;
      return { ...state, summary };
    }
    case 'check-result': {
      const { type: _, ...result } = event;
      return { ...state, checks: [...state.checks, result] };
    }
    case 'verify-summary': {
      const { type: _, ...verify } = event;
      return { ...state, verify };
    }
    case 'phase-start':
    case 'phase-done':
    case 'host-start':
    case 'host-progress':
    case 'waiting':
    case 'run-start':
    case 'stage-start':
    case 'action-intent':
    case 'action-checkpoint':
    case 'action-saved':
    case 'items-intent':
    case 'items-done':
    case 'action-progress':
    case 'action-done':
    case 'action-failed':
    case 'action-skipped':
    case 'guard-breach':
    case 'outages':
    case 'run-done':
      return state;
    default:
      return unreachable(event);
  }
};

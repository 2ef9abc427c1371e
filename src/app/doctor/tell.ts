import type { Emit } from '../../core/events/event.js';
import type { DoctorReport } from '../../diagnosis/report.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import { matrixEvent } from './matrix-event.js';
import { nextCommand } from './next-command.js';
import { serviceEvents } from './service-events.js';

export interface Telling {
  readonly facts: FactsFile;
  readonly report: DoctorReport;
  readonly factsFile: string | undefined;
  readonly durationMs: number;
  /** The facts were saved earlier. */
  readonly recalled: boolean;
}

/** Tells a diagnosis as events: remarks, findings, matrices, verdicts, and the summary last. */
export const tellReport = (emit: Emit, { facts, report, factsFile, durationMs, recalled }: Telling): void => {
  for (const text of report.notMeasured) emit({ type: 'note', level: 'info', text: `not measured: ${text}` });
  for (const finding of report.findings) emit({ type: 'finding', finding });
  for (const probe of facts.probes) emit({ type: 'matrix', matrix: matrixEvent(probe) });
  for (const service of serviceEvents(facts.services ?? [])) emit({ type: 'service', service });
  for (const verdict of report.verdicts) emit({ type: 'verdict', verdict });
  emit({
    type: 'doctor-summary',
    hosts: report.hosts.length,
    unreachable: [...report.unreachable],
    ...report.counts,
    ignored: report.ignored.map(({ code, findings }) => `${code} (${findings})`),
    ...(report.notMeasured.length === 0 ? {} : { notMeasured: report.notMeasured.length }),
    durationMs,
    ...(recalled ? { measuredAt: facts.at } : {}),
    ...(factsFile === undefined ? {} : { factsFile }),
    next: nextCommand(report, factsFile),
  });
};

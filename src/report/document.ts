import type { Renderer } from './renderer.js';
import { addEvent, emptyReport, type ReportState } from './report-state.js';

/** Gathers the events and writes one document at the end. */
export const documentRenderer = (
  render: (report: ReportState) => string,
  write: (text: string) => void,
): Renderer => {
  let report = emptyReport;
  return {
    on: (event) => {
      report = addEvent(report, event);
    },
    close: () => {
      const text = render(report);
      if (text !== '') write(text);
    },
  };
};

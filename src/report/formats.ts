/** Formats in which a report can be had; `text` is for people. */
export const REPORT_FORMATS = ['text', 'json', 'jsonl', 'junit', 'markdown', 'html'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

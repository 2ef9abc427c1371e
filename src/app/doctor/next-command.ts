import type { DoctorReport } from '../../diagnosis/report.js';

/** The one command that helps most now. */
export const nextCommand = (report: DoctorReport, factsFile: string | undefined): string => {
  const [worst] = report.findings;
  if (worst !== undefined && worst.severity !== 'info') return `drover explain ${worst.code}`;
  if (report.cluster !== undefined)
    return factsFile === undefined
      ? 'drover config view'
      : `drover doctor --facts ${factsFile} -o html > report.html`;
  return 'drover init --from servers.tsv';
};

import type { Finding } from '../../../core/events/finding.js';
import { diagnose } from '../../../diagnosis/diagnose.js';
import { measure } from '../../doctor/measure.js';
import type { ClusterTools } from '../tools.js';
import type { VerifyRequest } from './request.js';

const TIMEOUT_MS = 60_000;

/** What the doctor finds wrong with the hosts and the paths between them: often the reason why a check failed. */
export const findReasons = async (request: VerifyRequest, tools: ClusterTools): Promise<Finding[]> => {
  const { cluster, subject } = request;
  const doctor = { ...tools, signal: tools.soft };
  const options = { passive: false, deep: false, timeoutMs: TIMEOUT_MS };
  const facts = await measure(subject, options, doctor);
  const report = diagnose({ facts, cluster, ignore: [], only: [] });
  if (!report.ok) throw new Error(report.error[0].message);
  return report.value.findings.filter(({ severity }) => severity !== 'info');
};

import type { WantedSet } from '../../../plan/set-stage.js';
import { namespaceSetName } from '../../../steps/apps/render.js';
import type { MonitoringInput } from '../../../steps/monitoring/input.js';
import { monitoringSets } from '../../../steps/monitoring/render.js';

/** Seconds that its pods usually take. */
const EXPECTED_SECONDS = 15;

/** Monitoring behind its namespace. Like applications it does not wait for the ingress. */
export const wantedMonitoring = (input: MonitoringInput): readonly WantedSet[] => {
  const { monitoring } = input.cluster.spec;
  const after = [namespaceSetName(monitoring.namespace)];
  return monitoringSets(input).map((set) => ({ set, after, expected: { seconds: EXPECTED_SECONDS } }));
};

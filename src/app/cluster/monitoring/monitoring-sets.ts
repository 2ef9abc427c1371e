import type { WantedSet } from '../../../plan/set-stage.js';
import { namespaceSetName } from '../../../steps/apps/render.js';
import { ingressSetName } from '../../../steps/ingress/ingress-set.js';
import type { MonitoringInput } from '../../../steps/monitoring/input.js';
import { monitoringSets } from '../../../steps/monitoring/render.js';

/** Seconds that its pods usually take. */
const EXPECTED_SECONDS = 15;

/** Monitoring behind its namespace; its pages behind the ingress. */
export const wantedMonitoring = (input: MonitoringInput): readonly WantedSet[] => {
  const { monitoring } = input.cluster.spec;
  const after = [namespaceSetName(monitoring.namespace), ingressSetName(input.cluster)];
  return monitoringSets(input).map((set) => ({ set, after, expected: { seconds: EXPECTED_SECONDS } }));
};

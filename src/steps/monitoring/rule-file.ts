import { stringify } from 'yaml';
import type { Source, Thresholds } from './alerts/alert.js';
import { type AlertGroup, alertsFor } from './alerts/index.js';

type Fields = Readonly<Record<string, unknown>>;

/** Answers per second of each service behind the ingress, whichever controller counts them. */
const answers = (traefik: string, nginx: string): string =>
  `sum by (service) (rate(traefik_service_requests_total{${traefik}}[5m]) or ` +
  `label_join(rate(nginx_ingress_controller_requests{${nginx}}[5m]), "service", "/", "exported_namespace", "exported_service"))`;

const RECORDED: readonly Fields[] = [
  { record: 'drover:ingress_requests:rate5m', expr: answers('job="ingress"', 'job="ingress"') },
  {
    record: 'drover:ingress_errors:rate5m',
    expr: answers('job="ingress",code=~"5.."', 'job="ingress",status=~"5.."'),
  },
];

const groupOf = ({ name, alerts }: AlertGroup, thresholds: Thresholds): Fields => ({
  name: `drover-${name}`,
  rules: alerts.map((each) => ({
    alert: each.name,
    expr: each.expr(thresholds),
    for: each.holds(thresholds),
    labels: { severity: each.severity },
    annotations: { summary: each.summary, runbook: each.runbook },
  })),
});

/** The rule file of Prometheus. */
export const ruleFile = (sources: ReadonlySet<Source>, thresholds: Thresholds): string =>
  stringify(
    {
      groups: [
        ...(sources.has('ingress') ? [{ name: 'drover-recorded', rules: RECORDED }] : []),
        ...alertsFor(sources).map((group) => groupOf(group, thresholds)),
      ],
    },
    { lineWidth: 0 },
  );

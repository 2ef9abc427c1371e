import { alert } from './alert.js';

/** Jobs whose loss has an alert of its own. */
const OWN = 'kubelet|cadvisor|apiserver|etcd|coredns|ingress|rabbitmq';

/** Monitoring itself. */
export const ownAlerts = [
  alert({
    name: 'TargetDown',
    expr: `up{job!~"${OWN}"} == 0`,
    holds: '5m',
    severity: 'warning',
    summary: '{{ $labels.job }} on {{ $labels.instance }} gives no figures',
    runbook:
      'Prometheus shows why under Status, Targets: `kubectl port-forward -n monitoring svc/prometheus 9090`.',
  }),
  alert({
    name: 'RulesFail',
    expr: 'increase(prometheus_rule_evaluation_failures_total{job="prometheus"}[5m]) > 0',
    holds: '10m',
    severity: 'critical',
    summary: 'Prometheus cannot work out {{ $labels.rule_group }}: its alerts are blind',
    runbook: 'Prometheus shows the error under Status, Rules.',
  }),
  alert({
    name: 'AlertsNotSent',
    expr: 'rate(prometheus_notifications_dropped_total{job="prometheus"}[5m]) > 0',
    holds: '10m',
    severity: 'critical',
    summary: 'alerts do not reach the Alertmanagers',
    runbook: 'Are the addresses of spec.monitoring.alerts.receivers reached from the node of Prometheus?',
  }),
];

import { alert } from './alert.js';

const DAY = 24 * 3600;

/** Time that the first one percent of client certificates has left, in seconds. */
const CLIENT =
  'histogram_quantile(0.01, sum by (node, le) (rate(apiserver_client_certificate_expiration_seconds_bucket{job="apiserver"}[5m])))';
const SEEN =
  'and on (node) sum by (node) (rate(apiserver_client_certificate_expiration_seconds_count{job="apiserver"}[5m])) > 0';
/** The same of both controllers, with the time that is left. */
const SERVED =
  'min by (sans, host) (traefik_tls_certs_not_after or nginx_ingress_controller_ssl_expire_time_seconds > 0) - time()';

/** Nothing works any more on the day after. */
export const certificateAlerts = [
  alert({
    name: 'ClientCertificateEnds',
    expr: ({ certificateDays }) => `${CLIENT} < ${certificateDays * DAY} ${SEEN}`,
    holds: '5m',
    severity: 'warning',
    summary: 'a certificate by which somebody calls the API ends in {{ $value | humanizeDuration }}',
    runbook:
      'K3s renews its own when it starts within 120 days of their end: restart one server after the other, then the agents (`k3s certificate check` shows them). Others are users’ kubeconfigs.',
  }),
  alert({
    name: 'ClientCertificateAtEnd',
    expr: ({ certificateDays }) => `${CLIENT} < ${Math.round((certificateDays * DAY) / 3)} ${SEEN}`,
    holds: '5m',
    severity: 'critical',
    summary: 'a certificate by which somebody calls the API ends in {{ $value | humanizeDuration }}',
    runbook:
      'Restart K3s on the servers, then on the agents, now: it renews its certificates when it starts.',
  }),
  alert({
    name: 'IngressCertificateEnds',
    source: 'ingress',
    expr: ({ certificateDays }) => `${SERVED} < ${certificateDays * DAY}`,
    holds: '5m',
    severity: 'warning',
    summary:
      'the certificate of {{ $labels.sans }}{{ $labels.host }} ends in {{ $value | humanizeDuration }}',
    runbook:
      'Why was it not renewed? Look at cert-manager’s Certificate and its events, or renew the Secret by hand.',
  }),
  alert({
    name: 'IngressCertificateAtEnd',
    source: 'ingress',
    expr: ({ certificateDays }) => `${SERVED} < ${Math.round((certificateDays * DAY) / 3)}`,
    holds: '5m',
    severity: 'critical',
    summary:
      'the certificate of {{ $labels.sans }}{{ $labels.host }} ends in {{ $value | humanizeDuration }}',
    runbook: 'Browsers will refuse this name: renew the Secret of its Ingress now.',
  }),
];

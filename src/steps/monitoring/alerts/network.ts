import { alert } from './alert.js';

const ANSWERS = 'coredns_dns_responses_total{job="coredns"}';
const FAILED = 'coredns_dns_responses_total{job="coredns",rcode=~"SERVFAIL|REFUSED"}';

/** DNS of the cluster, and the ingress. */
export const networkAlerts = [
  alert({
    name: 'DnsDown',
    expr: 'absent(up{job="coredns"} == 1)',
    holds: '2m',
    severity: 'critical',
    summary: 'no pod of CoreDNS answers: names inside the cluster are not found',
    runbook: 'Look at the pods of kube-system with k8s-app=kube-dns; `drover verify` asks from every node.',
  }),
  alert({
    name: 'DnsErrors',
    expr: ({ dnsErrors }) => `100 * sum(rate(${FAILED}[5m])) / sum(rate(${ANSWERS}[5m])) > ${dnsErrors}`,
    holds: '10m',
    severity: 'warning',
    summary: '{{ $value | humanize }} % of the answers of the cluster’s DNS are failures',
    runbook:
      'Names outside fail when the nodes’ resolvers do: look at /etc/resolv.conf of the nodes, then at CoreDNS’ log.',
  }),
  alert({
    name: 'DnsSlow',
    expr: 'histogram_quantile(0.99, sum by (le) (rate(coredns_dns_request_duration_seconds_bucket{job="coredns"}[5m]))) > 1',
    holds: '10m',
    severity: 'warning',
    summary: 'DNS of the cluster takes {{ $value | humanizeDuration }}',
    runbook: 'The resolvers above it are slow or lose packets: ask them from a node with `dig`.',
  }),
  alert({
    name: 'IngressDown',
    source: 'ingress',
    expr: 'up{job="ingress"} == 0',
    holds: '2m',
    severity: 'critical',
    summary: 'the ingress on {{ $labels.node }} does not answer',
    runbook:
      'The balancers should have taken the node out; look at its pod and at what else listens on 80 and 443 there.',
  }),
  alert({
    name: 'IngressErrors',
    source: 'ingress',
    expr: ({ ingressErrors }) =>
      `100 * drover:ingress_errors:rate5m / drover:ingress_requests:rate5m > ${ingressErrors}`,
    holds: '5m',
    severity: 'warning',
    summary: '{{ $value | humanize }} % of the answers of {{ $labels.service }} are 5xx',
    runbook: '`drover verify` says whether its pods are ready; then look at their logs.',
  }),
];

import type { Board } from './board.js';

export const ingressBoard: Board = {
  uid: 'drover-ingress',
  title: 'Ingress',
  source: 'ingress',
  panels: [
    {
      title: 'Nodes whose ingress answers',
      kind: 'stat',
      unit: 'short',
      queries: [{ expr: 'sum(up{job="ingress"})', legend: 'nodes' }],
    },
    {
      title: 'First certificate ends',
      kind: 'stat',
      unit: 's',
      queries: [
        {
          expr: 'min((traefik_tls_certs_not_after or nginx_ingress_controller_ssl_expire_time_seconds > 0) - time())',
          legend: 'in',
        },
      ],
      marks: { warning: 21 * 24 * 3600, critical: 7 * 24 * 3600, low: true },
    },
    {
      title: 'Requests',
      kind: 'timeseries',
      unit: 'reqps',
      queries: [{ expr: 'drover:ingress_requests:rate5m', legend: '{{service}}' }],
    },
    {
      title: 'Answers that are 5xx',
      kind: 'timeseries',
      unit: 'percent',
      queries: [
        {
          expr: '100 * drover:ingress_errors:rate5m / drover:ingress_requests:rate5m',
          legend: '{{service}}',
        },
      ],
      marks: { warning: 1, critical: 5 },
    },
    {
      title: 'Time of answers, 95 of 100 within',
      kind: 'timeseries',
      unit: 's',
      queries: [
        {
          expr: 'histogram_quantile(0.95, sum by (service, le) (rate(traefik_service_request_duration_seconds_bucket{job="ingress"}[5m])))',
          legend: '{{service}}',
        },
        {
          expr: 'histogram_quantile(0.95, sum by (exported_service, le) (rate(nginx_ingress_controller_request_duration_seconds_bucket{job="ingress"}[5m])))',
          legend: '{{exported_service}}',
        },
      ],
    },
    {
      title: 'Open connections',
      kind: 'timeseries',
      unit: 'short',
      queries: [
        {
          expr: 'sum by (node, entrypoint) (traefik_open_connections{job="ingress"})',
          legend: '{{node}} {{entrypoint}}',
        },
        {
          expr: 'sum by (node, state) (nginx_ingress_controller_nginx_process_connections{job="ingress"})',
          legend: '{{node}} {{state}}',
        },
      ],
    },
  ],
};

export const dnsBoard: Board = {
  uid: 'drover-dns',
  title: 'DNS',
  panels: [
    {
      title: 'Pods of CoreDNS that answer',
      kind: 'stat',
      unit: 'short',
      queries: [{ expr: 'sum(up{job="coredns"})', legend: 'pods' }],
    },
    {
      title: 'Questions',
      kind: 'timeseries',
      unit: 'reqps',
      queries: [
        { expr: 'sum by (type) (rate(coredns_dns_requests_total{job="coredns"}[5m]))', legend: '{{type}}' },
      ],
    },
    {
      title: 'Answers',
      kind: 'timeseries',
      unit: 'reqps',
      queries: [
        {
          expr: 'sum by (rcode) (rate(coredns_dns_responses_total{job="coredns"}[5m]))',
          legend: '{{rcode}}',
        },
      ],
    },
    {
      title: 'Time of answers, 99 of 100 within',
      kind: 'timeseries',
      unit: 's',
      queries: [
        {
          expr: 'histogram_quantile(0.99, sum by (zone, le) (rate(coredns_dns_request_duration_seconds_bucket{job="coredns"}[5m])))',
          legend: '{{zone}}',
        },
      ],
      marks: { warning: 0.1, critical: 1 },
    },
    {
      title: 'Answered from the cache',
      kind: 'timeseries',
      unit: 'percentunit',
      queries: [
        {
          expr: 'sum(rate(coredns_cache_hits_total{job="coredns"}[5m])) / sum(rate(coredns_cache_requests_total{job="coredns"}[5m]))',
          legend: 'hits',
        },
      ],
    },
  ],
};

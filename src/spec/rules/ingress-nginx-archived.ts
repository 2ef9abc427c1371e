import { defineSpecRule } from '../rule.js';

export const ingressNginxArchived = defineSpecRule({
  code: 'ingress-nginx-archived',
  title: 'ingress-nginx is archived: it gets no fixes any more',
  severity: 'error',
  acceptable: true,
  explain: `The Kubernetes project ended ingress-nginx and archived it on 24 March 2026; v1.15.1 is the last release. Holes found since
then stay open, in the program that every request from the internet meets first.

Traefik (3.5 and later) reads the same Ingress objects and most nginx annotations. To keep ingress-nginx for a while, accept
it with a reason and an end:

    policy:
      exceptions:
        - rule: ingress-nginx-archived
          reason: Annotations of three applications are being moved to Traefik
          until: 2027-03-31`,
  source: 'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/',
  reads: ['ingress'],
  check: ({ ingress }, { at }) =>
    ingress.controller === 'nginx'
      ? [
          {
            message: 'ingress-nginx was archived on 24 March 2026 and gets no fixes',
            location: at(['spec', 'ingress', 'controller']),
            hint: 'use controller: traefik, or accept it under policy.exceptions with a reason and an end date',
          },
        ]
      : [],
});

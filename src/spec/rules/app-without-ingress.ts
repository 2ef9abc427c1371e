import { defineSpecRule } from '../rule.js';

export const appWithoutIngress = defineSpecRule({
  code: 'app-without-ingress',
  title: 'An application has host names, but the cluster has no ingress',
  severity: 'error',
  explain: `\`ingress.controller: none\` installs nothing that serves Ingress objects, so the application cannot be reached.`,
  reads: ['applications', 'ingress'],
  check: ({ applications, ingress }, { at }) =>
    ingress.controller !== 'none'
      ? []
      : applications.flatMap((application, index) =>
          application.ingress === undefined || !application.enabled
            ? []
            : [
                {
                  message: `nothing serves the host names of ${application.name}`,
                  location: at(['spec', 'applications', index, 'ingress'], 'key'),
                  hint: 'use ingress.controller: traefik, or remove them',
                },
              ],
        ),
});

import { defineSpecRule } from '../rule.js';

export const appPortUnknown = defineSpecRule({
  code: 'app-port-unknown',
  title: 'A probe or an ingress uses a port that the application does not have',
  severity: 'error',
  explain: `Probes and ingress use the ports that the application lists, by number or by name. Without \`port\` they use the first, so
there must be one.`,
  reads: ['applications'],
  check: ({ applications }, { at }) =>
    applications.flatMap(({ name, ports, probes, ingress }, index) => {
      const known = ports.flatMap((port) => [port.name, port.port]);
      const path = ['spec', 'applications', index];
      const users = [
        ...(['startup', 'readiness', 'liveness'] as const).flatMap((kind) => {
          const probe = probes[kind];
          return probe === undefined || probe.command !== undefined
            ? []
            : [{ port: probe.port, what: `the ${kind} probe`, path: [...path, 'probes', kind] }];
        }),
        ...(ingress === undefined
          ? []
          : [{ port: ingress.port, what: 'the ingress', path: [...path, 'ingress'] }]),
      ];
      return users
        .filter(({ port }) => (port === undefined ? known.length === 0 : !known.includes(port)))
        .map(({ port, what, path: place }) => ({
          message:
            port === undefined
              ? `${name} has no port for ${what}`
              : `${name} has no port ${port} for ${what}`,
          location: at(port === undefined ? place : [...place, 'port'], port === undefined ? 'key' : 'value'),
          hint: 'list it under ports',
        }));
    }),
});

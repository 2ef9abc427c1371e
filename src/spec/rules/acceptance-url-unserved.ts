import { defineSpecRule } from '../rule.js';

export const acceptanceUrlUnserved = defineSpecRule({
  code: 'acceptance-url-unserved',
  title: 'No application of the spec answers an acceptance address',
  severity: 'warning',
  explain: `The address is checked at the end of every run, but no application's ingress has its host name: either the application is not
in the spec yet, or one of the two names is mistyped.`,
  reads: ['acceptance', 'applications', 'monitoring'],
  check: ({ acceptance, applications, monitoring }, { at }) => {
    const served = applications.flatMap(({ enabled, ingress }) => (enabled ? (ingress?.hosts ?? []) : []));
    const hosts = monitoring.grafana.host === undefined ? served : [...served, monitoring.grafana.host];
    const wild = hosts.filter((host) => host.startsWith('*.')).map((host) => host.slice(1));
    return acceptance.urls.flatMap(({ url }, index) => {
      const name = new URL(url).hostname;
      if (applications.length === 0 || hosts.includes(name) || wild.some((end) => name.endsWith(end)))
        return [];
      return [
        {
          message: `no application answers as ${name}`,
          location: at(['spec', 'acceptance', 'urls', index, 'url']),
          hint: 'add it to the ingress of an application, or correct the address',
        },
      ];
    });
  },
});

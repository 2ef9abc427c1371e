import { repeated } from '../repeated.js';
import { defineSpecRule } from '../rule.js';

export const appHostTwice = defineSpecRule({
  code: 'app-host-twice',
  title: 'Two applications are reached under the same name and path',
  severity: 'error',
  explain: `An ingress sends a request to one application. With the same host and path in two, the controller takes one of them, often
the older, and says nothing.`,
  reads: ['applications', 'monitoring'],
  check: ({ applications, monitoring }, { at }) => {
    const grafana = monitoring.enabled ? monitoring.grafana.host : undefined;
    const places = [
      ...applications.flatMap(({ name, ingress, enabled }, i) =>
        (enabled ? (ingress?.hosts ?? []) : []).map((host, j) => ({
          name,
          key: `${host}${ingress?.path ?? '/'}`,
          path: ['spec', 'applications', i, 'ingress', 'hosts', j],
        })),
      ),
      ...(grafana === undefined
        ? []
        : [{ name: 'grafana', key: `${grafana}/`, path: ['spec', 'monitoring', 'grafana', 'host'] }]),
    ];
    return repeated(places, ({ key }) => key).map(({ item, first }) => ({
      message: `${first.name} and ${item.name} are both reached as ${item.key}`,
      location: at(item.path),
      label: `also in line ${at(first.path).line}`,
      hint: 'give one another name or path',
    }));
  },
});

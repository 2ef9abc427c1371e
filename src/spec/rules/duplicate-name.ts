import type { Path } from '../path.js';
import { repeated } from '../repeated.js';
import { defineSpecRule } from '../rule.js';

interface Named {
  readonly what: string;
  readonly key: string;
  readonly name: string;
  readonly path: Path;
}

export const duplicateName = defineSpecRule({
  code: 'duplicate-name',
  title: 'Two things of one kind have the same name',
  severity: 'error',
  explain: `Load balancers, external services, secrets and charts are referred to by name; two applications of one name in one namespace
would overwrite each other. Listeners of one load balancer need a port each.`,
  reads: ['loadBalancers', 'externalServices', 'applications', 'secrets', 'addons'],
  check: ({ loadBalancers, externalServices, applications, secrets, addons }, { at }) => {
    const all: Named[] = [
      ...loadBalancers.map(({ name }, i) => ({
        what: 'load balancers',
        key: name,
        name,
        path: ['spec', 'loadBalancers', i, 'name'],
      })),
      ...loadBalancers.flatMap(({ name, listeners }, i) =>
        listeners.map(({ port }, j) => ({
          what: `listeners of ${name}`,
          key: String(port),
          name: `port ${port}`,
          path: ['spec', 'loadBalancers', i, 'listeners', j, 'port'],
        })),
      ),
      ...externalServices.map(({ name }, i) => ({
        what: 'external services',
        key: name,
        name,
        path: ['spec', 'externalServices', i, 'name'],
      })),
      ...applications.map(({ name, namespace }, i) => ({
        what: `applications in ${namespace}`,
        key: name,
        name,
        path: ['spec', 'applications', i, 'name'],
      })),
      ...secrets.declared.map(({ name }, i) => ({
        what: 'secrets',
        key: name,
        name,
        path: ['spec', 'secrets', 'declared', i, 'name'],
      })),
      ...addons.charts.map(({ name, namespace }, i) => ({
        what: `charts in ${namespace}`,
        key: name,
        name,
        path: ['spec', 'addons', 'charts', i, 'name'],
      })),
    ];
    return repeated(all, ({ what, key }) => `${what}/${key}`).map(({ item, first }) => ({
      message: `two ${item.what} have the same ${item.name.startsWith('port ') ? item.name : `name ${item.name}`}`,
      location: at(item.path),
      label: `also in line ${at(first.path).line}`,
      hint: 'rename one of them',
    }));
  },
});

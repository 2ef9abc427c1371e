import type { Path } from './path.js';
import type { SpecView } from './rule.js';

/** A name that must be the name of something else in the spec. */
export interface Reference {
  readonly name: string;
  /** What it should be the name of. */
  readonly what: string;
  readonly known: readonly string[];
  readonly path: Path;
}

type View = Pick<
  SpecView,
  'hosts' | 'loadBalancers' | 'externalServices' | 'applications' | 'monitoring' | 'acceptance' | 'lab'
>;

const names = (items: readonly { readonly name: string }[]): readonly string[] =>
  items.map(({ name }) => name);

const one = (name: string | undefined, rest: Omit<Reference, 'name'>): readonly Reference[] =>
  name === undefined ? [] : [{ name, ...rest }];

const many = (list: readonly string[], rest: Omit<Reference, 'name'>): readonly Reference[] =>
  list.map((name, index) => ({ name, ...rest, path: [...rest.path, index] }));

const ofLoadBalancers = ({ hosts, loadBalancers }: View): readonly Reference[] => {
  const host = { what: 'host', known: names(hosts) };
  return loadBalancers.flatMap((balancer, i) => {
    const path: Path = ['spec', 'loadBalancers', i];
    return [
      ...one(balancer.host, { ...host, path: [...path, 'host'] }),
      ...balancer.listeners.flatMap(({ backends }, j) =>
        typeof backends === 'string'
          ? []
          : many(backends, { ...host, path: [...path, 'listeners', j, 'backends'] }),
      ),
    ];
  });
};

const ofServices = ({ hosts, loadBalancers, externalServices }: View): readonly Reference[] =>
  externalServices.flatMap((service, i) => {
    const path: Path = ['spec', 'externalServices', i];
    return [
      ...many(service.hosts, { what: 'host', known: names(hosts), path: [...path, 'hosts'] }),
      ...one(service.loadBalancer, {
        what: 'load balancer',
        known: names(loadBalancers),
        path: [...path, 'loadBalancer'],
      }),
    ];
  });

const purposesOf = ({ hosts }: View): readonly string[] => [
  ...new Set(
    hosts.flatMap(({ purpose, role }) => (purpose === undefined || role === 'external' ? [] : [purpose])),
  ),
];

const ofApplications = (view: View): readonly Reference[] => {
  const known = [...names(view.externalServices), ...names(view.applications)];
  const purposes = { what: 'host with the purpose', known: purposesOf(view) };
  return view.applications.flatMap((application, i) => {
    const path: Path = ['spec', 'applications', i];
    return [
      ...many(application.needs, {
        what: 'external service or application',
        known,
        path: [...path, 'needs'],
      }),
      ...one(application.purpose, { ...purposes, path: [...path, 'purpose'] }),
    ];
  });
};

const ofOthers = (view: View): readonly Reference[] => [
  ...one(view.monitoring.purpose, {
    what: 'host with the purpose',
    known: purposesOf(view),
    path: ['spec', 'monitoring', 'purpose'],
  }),
  ...view.monitoring.exporters.flatMap(({ service }, i) =>
    one(service, {
      what: 'external service',
      known: names(view.externalServices),
      path: ['spec', 'monitoring', 'exporters', i, 'service'],
    }),
  ),
  ...view.acceptance.urls.flatMap(({ application }, i) =>
    one(application, {
      what: 'application',
      known: names(view.applications),
      path: ['spec', 'acceptance', 'urls', i, 'application'],
    }),
  ),
  ...many(view.lab.external, {
    what: 'external host',
    known: names(view.hosts.filter(({ role }) => role === 'external')),
    path: ['spec', 'lab', 'external'],
  }),
];

/** Every place of the spec that names something else of it. */
export const referencesOf = (view: View): readonly Reference[] => [
  ...ofLoadBalancers(view),
  ...ofServices(view),
  ...ofApplications(view),
  ...ofOthers(view),
];

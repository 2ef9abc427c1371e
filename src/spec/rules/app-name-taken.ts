import { defineSpecRule } from '../rule.js';
import { serviceNamespaces } from '../service-address.js';

export const appNameTaken = defineSpecRule({
  code: 'app-name-taken',
  title: 'An application and a service outside have one name in one namespace',
  severity: 'error',
  explain: `An external service becomes a Service of its name in each namespace that needs it, and so does every application. Two of one name in
one namespace would be one Service that leads to whatever was written last. Give one of them another name.`,
  reads: ['applications', 'externalServices', 'monitoring'],
  check: ({ applications, externalServices, monitoring }, { at }) =>
    applications.flatMap(({ name, namespace, enabled }, index) => {
      const service = externalServices.find((each) => each.name === name);
      if (service === undefined || !enabled) return [];
      const taken = serviceNamespaces({ applications, monitoring }, service);
      return taken.includes(namespace)
        ? [
            {
              message: `${name} is an application and an external service in namespace ${namespace}`,
              location: at(['spec', 'applications', index, 'name']),
              hint: 'give one of them another name',
            },
          ]
        : [];
    }),
});

import { defineSpecRule, type Problem } from '../rule.js';

export const appHpa = defineSpecRule({
  code: 'app-hpa',
  title: 'Autoscaling cannot work as written',
  severity: 'error',
  explain: `The autoscaler compares the use of CPU or memory with what the pods request: without a request it shows \`<unknown>\` and
never scales. It needs metrics-server, and \`min\` must not exceed \`max\`. A volume that one node alone may mount keeps
further replicas pending on the others.`,
  reads: ['applications', 'addons'],
  check: ({ applications, addons }, { at }) =>
    applications.flatMap(({ name, hpa, resources, storage }, index): readonly Problem[] => {
      if (hpa === undefined) return [];
      const path = ['spec', 'applications', index, 'hpa'];
      const location = at(path, 'key');
      return [
        ...(hpa.min > hpa.max
          ? [
              {
                message: `${name}: min ${hpa.min} exceeds max ${hpa.max}`,
                location: at([...path, 'min']),
                hint: 'swap them',
              },
            ]
          : []),
        ...(resources.requests.cpu === undefined
          ? [
              {
                message: `${name} scales by CPU but requests none`,
                location,
                hint: 'set resources.requests.cpu',
              },
            ]
          : []),
        ...(addons.metricsServer.enabled
          ? []
          : [
              {
                message: `${name} scales, but metrics-server is off`,
                location,
                hint: 'set addons.metricsServer.enabled: true',
              },
            ]),
        ...(storage.some(({ accessMode }) => accessMode !== 'ReadWriteMany')
          ? [
              {
                message: `${name} scales, but has a volume for one node`,
                location,
                hint: 'remove hpa or the volume',
              },
            ]
          : []),
      ];
    }),
});

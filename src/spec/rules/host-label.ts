import { defineSpecRule } from '../rule.js';

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const RESERVED = /^([^/]+\.)?(kubernetes|k8s)\.io\//;
const ALLOWED =
  /^(node\.kubernetes\.io\/|kubelet\.kubernetes\.io\/|topology\.kubernetes\.io\/(region|zone)$|kubernetes\.io\/(arch|os|hostname)$)/;

const problemOf = (key: string, value: string): string | undefined => {
  if (!KEY.test(key)) return 'this is no key of a label';
  if (RESERVED.test(key) && !ALLOWED.test(key)) return 'a node may not give itself this label';
  return value === '' || NAME.test(value) ? undefined : 'this is no value of a label';
};

export const hostLabel = defineSpecRule({
  code: 'host-label',
  title: 'A label of a host would be refused',
  severity: 'error',
  explain: `A label has a key such as \`drover.dev/purpose\` and a value of at most 63 letters, digits, dashes, dots and
underscores. The kubelet refuses to start with labels in \`kubernetes.io\` that only the control plane may set, such as
\`node-role.kubernetes.io/worker\`.`,
  source: 'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction',
  reads: ['hosts'],
  check: ({ hosts }, { at }) =>
    hosts.flatMap((host, index) =>
      Object.entries(host.labels).flatMap(([key, value]) => {
        const message = problemOf(key, value);
        if (message === undefined) return [];
        const location = at(['spec', 'hosts', index, 'labels', key], 'key');
        return [
          {
            message: `${host.name}: ${message}: ${key}`,
            location,
            hint: 'use a prefix of your own, such as drover.dev/',
          },
        ];
      }),
    ),
});

import { containersOf } from '../pods.js';
import { definePolicyRule } from '../rule.js';

const portsOf = (fields: Readonly<Record<string, unknown>>): readonly { readonly hostPort?: unknown }[] =>
  Array.isArray(fields['ports']) ? (fields['ports'] as { readonly hostPort?: unknown }[]) : [];

export const noHostPort = definePolicyRule({
  code: 'no-host-port',
  title: 'Applications do not use hostPort',
  explain: `A \`hostPort\` ties a pod to a port of its node: two replicas cannot share a node, and a rolling update waits for a free one. With some
cluster networks it does not work at all.`,
  fix: 'remove hostPort; use a Service, and an Ingress for HTTP',
  check: (object) =>
    containersOf(object).flatMap(({ path, name, fields }) =>
      portsOf(fields).flatMap(({ hostPort }, index) =>
        typeof hostPort === 'number' && hostPort !== 0
          ? [
              {
                path: [...path, 'ports', index, 'hostPort'],
                text: `container ${name} takes port ${hostPort} of the node`,
              },
            ]
          : [],
      ),
    ),
});

import { observe } from '../access.js';
import { does, findingIf, manual } from '../compose.js';
import { defineRule } from '../rule.js';

export const noDefaultRoute = defineRule({
  code: 'no-default-route',
  title: 'A host has no default route',
  severity: 'warning',
  reads: ['routes'],
  explain: `Kubernetes and K3s take the node's address from the default route and fail with "unable to select an IP from default routes" when there is none; also nothing can be downloaded.
Without access to the outside a dummy interface with a default route is enough (K3s, air-gap).`,
  source: 'https://docs.k3s.io/installation/airgap',
  causes: ['resolver-none-answers', 'resolver-server-dead'],
  check: (context) => {
    const seen = observe(context, 'routes', ({ routes }) =>
      routes.length === 0 ||
      routes.some(({ destination, table }) => destination === 'default' && isMain(table))
        ? undefined
        : { text: 'no default route in the main table', at: 'routes' },
    );
    return findingIf(seen, () => ({
      title: `${does(seen, 'has')} no default route`,
      cause: 'The network configuration names no gateway.',
      fix: manual(
        'add the gateway: ip route add default via GATEWAY; without one: ip link add dummy0 type dummy, and a default route over it',
      ),
    }));
  },
});

const isMain = (table: string): boolean => table === 'main' || table === '254' || table === '';

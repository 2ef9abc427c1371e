import { duplicates, observe, ownsKernel } from '../access.js';
import { findingPerKey, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

export const duplicateProductUuid = defineRule({
  code: 'duplicate-product-uuid',
  title: 'Virtual machines share one product UUID',
  severity: 'warning',
  reads: ['identity', 'os'],
  explain: `kubeadm asks for a unique \`product_uuid\` on each node; cloud controllers and storage drivers tell machines apart by it. The hypervisor sets
it, so it must be changed there.`,
  source: 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/',
  check: (context) => {
    const seen = observe(context, 'identity', ({ productUuid }, host) =>
      productUuid === undefined || productUuid === '' || !ownsKernel(host)
        ? undefined
        : { text: `product UUID ${productUuid}`, at: 'productUuid', key: productUuid.toLowerCase() },
    );
    return findingPerKey(duplicates(seen), (_, group) => ({
      title: `${where(group)} have the same product UUID`,
      cause: 'The virtual machines were copied together with their hardware identity.',
      fix: manual(
        'give each machine its own UUID in the hypervisor (libvirt: virsh edit NAME, element <uuid>)',
      ),
    }));
  },
});

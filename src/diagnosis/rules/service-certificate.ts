import { manual } from '../compose.js';
import { defineRule } from '../rule.js';
import { servicesWrong } from '../services.js';

export const serviceCertificate = defineRule({
  code: 'service-certificate',
  title: 'The certificate of a service outside the cluster is not good',
  severity: 'warning',
  reads: ['services'],
  explain: `The spec tells that the service speaks TLS (\`tls: true\`). Every node looks at its certificate with openssl, against \`ca\` of the service, or whom
the node trusts where the spec names none: the chain must lead there, the name or address that is called must be in it, and it must last for 14 days
at least. Applications that check certificates refuse it otherwise, and those that do not are open to anybody between.

Renew it, or put the PEM of the authority that signed it under \`ca\`.`,
  check: (context) =>
    servicesWrong(context, 'certificate', ({ service, place }) => ({
      title: `The certificate of ${service} at ${place} is not good`,
      cause:
        'It is not signed by whom the spec or the node trusts, is for another name, ends soon, or TLS does not come about.',
      fix: manual('renew it, or set ca of the service to the authority that signed it'),
    })),
});

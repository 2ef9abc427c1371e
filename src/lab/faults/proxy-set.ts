import { defineFault } from './fault.js';

export const proxySet = defineFault({
  id: 'proxy-set',
  place: 'host',
  title: 'A proxy is set for everything and has no exceptions',
  simulates: 'The proxy of an office network: traffic between nodes and pods is sent to it too.',
  codes: ['proxy-without-exceptions'],
  targets: 'agent',
  inject: () => `
save /etc/environment
printf 'HTTP_PROXY=http://proxy.example:3128\\nHTTPS_PROXY=http://proxy.example:3128\\n' >>/etc/environment
`,
  heal: () => 'restore /etc/environment',
  check: () => 'grep -q proxy.example /etc/environment',
});

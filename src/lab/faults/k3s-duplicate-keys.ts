import { defineFault } from './fault.js';
import { installK3sServer, removeK3sServer } from './k3s-server.js';

export const k3sDuplicateKeys = defineFault({
  id: 'k3s-duplicate-keys',
  place: 'host',
  title: 'A key stands twice in the K3s configuration',
  simulates: 'Lines were appended with `cat >>`, twice: the last one wins and nobody is told.',
  codes: ['duplicate-config-keys'],
  targets: 'server',
  inject: () =>
    installK3sServer(`
flannel-backend: vxlan
disable:
  - traefik
flannel-backend: none
disable:
  - servicelb
`),
  heal: () => removeK3sServer,
  check: () => '[ "$(grep -c flannel-backend /etc/rancher/k3s/config.yaml)" = 2 ]',
});

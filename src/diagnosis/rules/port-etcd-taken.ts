import { portTakenRule } from '../shapes/port-taken.js';

export const portEtcdTaken = portTakenRule({
  code: 'port-etcd-taken',
  title: 'A port of etcd is taken',
  severity: 'error',
  protocol: 'tcp',
  ports: () => [2379, 2380],
  serversOnly: true,
  what: 'etcd',
  explain: `Embedded etcd listens on 2379 and 2380, and these cannot be moved in K3s. Common: an etcd of Patroni or of an earlier cluster on the same host.`,
  causes: ['install-failing'],
});

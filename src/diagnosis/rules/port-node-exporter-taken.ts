import { portTakenRule } from '../shapes/port-taken.js';

export const portNodeExporterTaken = portTakenRule({
  code: 'port-node-exporter-taken',
  title: 'The port of node_exporter is taken',
  severity: 'error',
  protocol: 'tcp',
  ports: ({ cluster }) =>
    cluster?.spec.monitoring.enabled === true ? [cluster.spec.monitoring.nodeExporter.port] : [],
  serversOnly: false,
  own: /^node[_-]exporter$/,
  onNodeAddress: true,
  what: 'node_exporter',
  fix: 'stop and disable it (Debian’s package: systemctl disable --now prometheus-node-exporter), or set spec.monitoring.nodeExporter.port',
  explain: `Monitoring puts node_exporter on every node's own network, port 9100 of the node's address. Another one there, most often Debian's package \`prometheus-node-exporter\`, keeps its pod crashing, and the figures of this node would be those of the other program.

Stop it for good: \`systemctl disable --now prometheus-node-exporter\`. Or give Drover's another port with \`spec.monitoring.nodeExporter.port\`; firewall rules and Prometheus follow. Where a Kubernetes runs already, a node_exporter on the node's own address is taken for that of the cluster; one on all addresses never is.`,
});

import type { SourceLocation } from '../../core/error.js';
import type { Path } from '../path.js';
import { defineSpecRule, type Problem } from '../rule.js';
import type { ClusterSpec } from '../schema/cluster.js';

/** Kinds of services that an exporter of each kind understands. */
const UNDERSTANDS = {
  postgres: ['postgresql'],
  redis: ['redis'],
  rabbitmq: ['rabbitmq'],
  minio: ['minio', 's3'],
} as const;

type View = Pick<ClusterSpec, 'monitoring' | 'externalServices' | 'ingress'>;
type At = (path: Path) => SourceLocation;

const PATH: Path = ['spec', 'monitoring'];

const ofGrafana = ({ monitoring: { grafana }, ingress }: View, at: At): readonly Problem[] => {
  if (!grafana.enabled) return [];
  const open = {
    message: 'Grafana has no password for its administrator',
    location: at([...PATH, 'enabled']),
    hint: 'add grafana.adminPassword: {secret: grafana, key: admin-password}, or set grafana.enabled: false',
  };
  const unserved = {
    message: `nothing serves the name ${grafana.host ?? ''} of Grafana`,
    location: at([...PATH, 'grafana', 'host']),
    hint: 'use ingress.controller: traefik, or remove it',
  };
  return [
    ...(grafana.adminPassword === undefined ? [open] : []),
    ...(grafana.host !== undefined && ingress.controller === 'none' ? [unserved] : []),
  ];
};

const ofExporters = ({ monitoring, externalServices }: View, at: At): readonly Problem[] =>
  monitoring.exporters.flatMap(({ kind, service: name, username, password }, index) => {
    const service = externalServices.find((each) => each.name === name);
    if (service === undefined) return [];
    const { username: user, password: word } = service.credentials ?? {};
    const other = {
      message: `the exporter of ${kind} does not understand ${name}, which is ${service.kind}`,
      location: at([...PATH, 'exporters', index, 'kind']),
      hint: 'name a service of its kind',
    };
    const nobody = {
      message: `the exporter of ${name} has no name and password to log in with`,
      location: at([...PATH, 'exporters', index, 'service']),
      hint: 'give the service credentials, or the exporter username and password',
    };
    const known = UNDERSTANDS[kind].some((each) => each === service.kind);
    const login = (username ?? user) !== undefined && (password ?? word) !== undefined;
    return [...(known ? [] : [other]), ...(kind === 'postgres' && !login ? [nobody] : [])];
  });

export const monitoringLogin = defineSpecRule({
  code: 'monitoring-login',
  title: 'A part of monitoring cannot log in, or would let everybody in',
  severity: 'error',
  explain: `Grafana without \`grafana.adminPassword\` would start with a password that everybody knows. The exporter of PostgreSQL needs a name and a
password: its own, or the credentials of the service. An exporter understands services of its own kind alone.`,
  reads: ['monitoring', 'externalServices', 'ingress'],
  check: (view, { at }) =>
    view.monitoring.enabled ? [...ofGrafana(view, at), ...ofExporters(view, at)] : [],
});

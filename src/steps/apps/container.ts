import { parseDuration } from '../../core/duration.js';
import type { Application } from './input.js';

type Probe = NonNullable<Application['probes']['readiness']>;
type Fields = Readonly<Record<string, unknown>>;

const seconds = (text: string): number => Math.ceil((parseDuration(text) ?? 0) / 1000);

const handler = ({ path, port, command }: Probe, first: string | undefined): Fields => {
  if (command !== undefined) return { exec: { command } };
  const target = port ?? first;
  return path === undefined ? { tcpSocket: { port: target } } : { httpGet: { path, port: target } };
};

const probeOf = (probe: Probe | undefined, first: string | undefined): Fields | undefined =>
  probe && {
    ...handler(probe, first),
    ...(seconds(probe.initialDelay) === 0 ? {} : { initialDelaySeconds: seconds(probe.initialDelay) }),
    periodSeconds: Math.max(1, seconds(probe.period)),
    timeoutSeconds: Math.max(1, seconds(probe.timeout)),
    failureThreshold: probe.failures,
  };

const probesOf = ({ probes, ports }: Application): Fields => {
  const first = ports[0]?.name;
  const all = {
    startupProbe: probeOf(probes.startup, first),
    readinessProbe: probeOf(probes.readiness, first),
    livenessProbe: probeOf(probes.liveness, first),
  };
  return Object.fromEntries(Object.entries(all).filter(([, probe]) => probe !== undefined));
};

/** Text is a value, a reference is a key of the Secret of that name in the application's namespace. */
const envOf = ({ env }: Application): readonly Fields[] =>
  Object.entries(env).map(([name, value]) =>
    typeof value === 'object'
      ? { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } }
      : { name, value: String(value) },
  );

const amounts = ({ cpu, memory }: Application['resources']['requests']): Fields => ({
  ...(cpu === undefined ? {} : { cpu: String(cpu) }),
  ...(memory === undefined ? {} : { memory }),
});

const resourcesOf = ({ resources }: Application): Fields => {
  const all = { requests: amounts(resources.requests), limits: amounts(resources.limits) };
  const given = Object.entries(all).filter(([, fields]) => Object.keys(fields).length > 0);
  return given.length === 0 ? {} : { resources: Object.fromEntries(given) };
};

const mountsOf = ({ storage }: Application, more: readonly Fields[]): Fields => {
  const all = [...storage.map(({ name, mountPath }) => ({ name, mountPath })), ...more];
  return all.length === 0 ? {} : { volumeMounts: all };
};

/**
 * The container of an application's own program.
 * @param mounts besides those of its volumes
 */
export const containerOf = (application: Application, mounts: readonly Fields[] = []): Fields => ({
  name: application.name,
  image: application.image,
  ...(application.command === undefined ? {} : { command: application.command }),
  ...(application.args === undefined ? {} : { args: application.args }),
  ...(application.ports.length === 0
    ? {}
    : {
        ports: application.ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
      }),
  ...(Object.keys(application.env).length === 0 ? {} : { env: envOf(application) }),
  ...probesOf(application),
  ...resourcesOf(application),
  // Images that start as root to bind a low port or to change their user still work with these.
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['NET_RAW'] } },
  ...mountsOf(application, mounts),
});

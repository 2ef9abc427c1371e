import type { EngineLine } from './versions.js';

/** A Go program that the lab compiles. Its folder holds go.mod and go.sum, which pin every source it is made of. */
export interface GoProgram {
  readonly name: string;
  readonly title: string;
  /** Below the project's lab/ directory. */
  readonly folder: string;
  /** The package that is compiled. */
  readonly main: string;
  /** Version of the program itself; a test compares it with go.mod. */
  readonly version: string;
  /** File with its modules in place of go.mod. */
  readonly modfile?: string;
  /** Build tags: parts that are left out. */
  readonly tags?: readonly string[];
  /** String variables that the linker sets, by their full name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Built for every cluster, or when a spec first asks for it. */
  readonly needed: 'cluster' | 'on-demand';
  /** Processor time of a build with nothing cached, in seconds, measured; the estimate is made from it. */
  readonly cpuSeconds: number;
}

const component = (
  name: string,
  program: Omit<GoProgram, 'name' | 'folder' | 'variables' | 'needed'> & Partial<GoProgram>,
): GoProgram => ({ name, folder: `components/${name}`, variables: {}, needed: 'on-demand', ...program });

/** The engine's program; its name is that of K3s, because hosts run it under that name. */
export const ENGINE = 'k3s';

/** The lab's engine as one of the Kubernetes versions that it can be compiled as. */
export const engineProgram = ({ kubernetes, modfile }: EngineLine): GoProgram => {
  const shown = `v${kubernetes}+k3s1-drover-lab`;
  return {
    name: ENGINE,
    title: 'lab engine (Kubernetes, etcd, Flannel)',
    folder: 'engine',
    main: './cmd/k3s',
    version: kubernetes,
    ...(modfile === 'go.mod' ? {} : { modfile }),
    variables: {
      'k8s.io/component-base/version.gitVersion': shown,
      'k8s.io/client-go/pkg/version.gitVersion': shown,
    },
    needed: 'cluster',
    cpuSeconds: 420,
  };
};

/** Helm renders charts on the operator's machine: no image is made of it. */
export const HELM = component('helm', {
  title: 'Helm',
  main: 'helm.sh/helm/v4/cmd/helm',
  version: '4.3.1',
  variables: { 'helm.sh/helm/v4/internal/version.version': 'v4.3.1' },
  cpuSeconds: 300,
});

/** Of the two dozen ways in which Prometheus finds what it looks at, the lab needs one: the rest is left out. */
const PROMETHEUS_TAGS = ['remove_all_sd', 'enable_kubernetes_sd'];

/** Judges rules and configuration on the operator's machine: no image is made of it. */
export const PROMTOOL = component('promtool', {
  title: 'promtool',
  folder: 'components/prometheus',
  main: 'github.com/prometheus/prometheus/cmd/promtool',
  version: '3.15.0',
  tags: PROMETHEUS_TAGS,
  variables: { 'github.com/prometheus/common/version.Version': '3.15.0' },
  // Its modules are those of Prometheus: behind it, it takes 30.
  cpuSeconds: 250,
});

/** Everything else that the lab compiles, in the order in which it is compiled: what takes longest first. */
const OTHERS: readonly GoProgram[] = [
  component('coredns', {
    title: 'CoreDNS',
    main: 'github.com/coredns/coredns',
    version: '1.15.0',
    needed: 'cluster',
    cpuSeconds: 150,
  }),
  component('metrics-server', {
    title: 'metrics-server',
    main: 'sigs.k8s.io/metrics-server/cmd/metrics-server',
    version: '0.9.0',
    variables: { 'k8s.io/client-go/pkg/version.gitVersion': 'v0.9.0' },
    needed: 'cluster',
    cpuSeconds: 170,
  }),
  component('local-path-provisioner', {
    title: 'local-path-provisioner',
    main: 'github.com/rancher/local-path-provisioner',
    version: '0.0.30',
    variables: { 'main.VERSION': 'v0.0.30' },
    needed: 'cluster',
    cpuSeconds: 85,
  }),
  component('registry', {
    title: 'distribution registry',
    main: 'github.com/distribution/distribution/v3/cmd/registry',
    version: '3.1.2',
    variables: { 'github.com/distribution/distribution/v3/version.version': '3.1.2' },
    cpuSeconds: 80,
  }),
  component('traefik', {
    title: 'Traefik',
    main: 'github.com/traefik/traefik/v3/cmd/traefik',
    version: '3.6.12',
    variables: { 'github.com/traefik/traefik/v3/pkg/version.Version': '3.6.12' },
    cpuSeconds: 400,
  }),
  component('prometheus', {
    title: 'Prometheus',
    main: 'github.com/prometheus/prometheus/cmd/prometheus',
    version: '3.15.0',
    tags: PROMETHEUS_TAGS,
    variables: { 'github.com/prometheus/common/version.Version': '3.15.0' },
    cpuSeconds: 300,
  }),
  PROMTOOL,
  component('loki', {
    title: 'Loki',
    main: 'github.com/grafana/loki/v3/cmd/loki',
    version: '3.7.8',
    variables: { 'github.com/grafana/loki/v3/pkg/util/build.Version': '3.7.8' },
    cpuSeconds: 540,
  }),
  component('otelcol', {
    title: 'OpenTelemetry Collector',
    folder: 'otelcol',
    main: '.',
    version: '0.160.0',
    variables: { 'main.version': '0.160.0' },
    cpuSeconds: 125,
  }),
  component('node-exporter', {
    title: 'node_exporter',
    main: 'github.com/prometheus/node_exporter',
    version: '1.12.1',
    variables: { 'github.com/prometheus/common/version.Version': '1.12.1' },
    cpuSeconds: 60,
  }),
  {
    name: 'standin',
    title: 'stand-in for applications',
    folder: 'standin',
    main: '.',
    version: '1',
    variables: {},
    needed: 'on-demand',
    cpuSeconds: 40,
  },
  {
    name: 'vault',
    title: 'Vault agent of the lab',
    folder: 'vault',
    main: '.',
    version: '1',
    variables: {},
    needed: 'on-demand',
    cpuSeconds: 100,
  },
  HELM,
  {
    name: 'pause',
    title: 'pause',
    folder: 'images',
    main: './pause',
    version: '1',
    variables: {},
    needed: 'cluster',
    cpuSeconds: 15,
  },
  {
    name: 'probe',
    title: 'probe server',
    folder: 'images',
    main: './probe',
    version: '1',
    variables: {},
    needed: 'cluster',
    cpuSeconds: 25,
  },
  {
    name: 'labnet',
    title: 'second cluster network',
    folder: 'labnet',
    main: '.',
    version: '1',
    variables: {},
    needed: 'cluster',
    // Its modules are those of the engine, of the same versions: behind the engine it takes 6.
    cpuSeconds: 100,
  },
];

/** Everything that the lab compiles, the engine first, because it takes longest. */
export const goPrograms = (line: EngineLine): readonly GoProgram[] => [engineProgram(line), ...OTHERS];

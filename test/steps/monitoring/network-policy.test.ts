import { describe, expect, it } from 'vitest';
import { networkPolicySet } from '../../../src/steps/monitoring/network-policy.js';
import { inputOf, keybuzz } from '../apps/rig.js';

interface Policy {
  readonly podSelector: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly {
    readonly from: readonly object[];
    readonly ports: readonly { readonly port: number }[];
  }[];
}

const policies = (input: Parameters<typeof networkPolicySet>[0]) =>
  new Map(
    networkPolicySet(input).objects.map(({ metadata, ...rest }) => [metadata.name, rest['spec'] as Policy]),
  );

const shown = (input: Parameters<typeof networkPolicySet>[0], part: string): string[] =>
  (policies(input).get(part)?.ingress ?? []).flatMap(({ from, ports }) =>
    from.map((peer) => `${JSON.stringify(peer)} → ${ports.map(({ port }) => port).join()}`),
  );

const monitoring = { enabled: true, grafana: { host: 'grafana.example.org' } };
const input = inputOf({ monitoring });

describe('policies of monitoring', () => {
  it('shut everything in the namespace that nobody is named for', () => {
    expect(policies(input).get('nothing-else')).toEqual({ podSelector: {}, policyTypes: ['Ingress'] });
  });

  it('let pods of the namespace ask Prometheus, and nodes, by which the API’s proxy comes: also over the tunnel', () => {
    expect(shown(input, 'prometheus')).toMatchInlineSnapshot(`
      [
        "{"podSelector":{}} → 9090",
        "{"ipBlock":{"cidr":"10.0.0.0/16"}} → 9090",
        "{"ipBlock":{"cidr":"10.42.0.0/32"}} → 9090",
        "{"ipBlock":{"cidr":"10.42.0.1/32"}} → 9090",
        "{"ipBlock":{"cidr":"10.42.1.0/32"}} → 9090",
        "{"ipBlock":{"cidr":"10.42.1.1/32"}} → 9090",
      ]
    `);
  });

  it('let the ingress ask Grafana, and nobody where it has no name outside', () => {
    expect(shown(input, 'grafana')).toContain('{"ipBlock":{"cidr":"10.0.0.0/16"}} → 3000');
    const inPods = inputOf({
      monitoring,
      ingress: { controller: 'traefik', kind: 'Deployment', hostNetwork: false },
    });
    expect(shown(inPods, 'grafana')).toEqual([
      '{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"traefik"}}} → 3000',
    ]);
    expect(policies(inputOf({ monitoring: { enabled: true } })).has('grafana')).toBe(false);
  });

  it('let Prometheus alone ask exporters and kube-state-metrics', () => {
    const own = policies({ cluster: keybuzz, nodes: [] });
    expect([...own.keys()]).toEqual([
      'prometheus',
      'kube-state-metrics',
      'postgres-exporter',
      'redis-exporter',
      'grafana',
      'nothing-else',
    ]);
    for (const [part, port] of [
      ['kube-state-metrics', 8080],
      ['postgres-exporter', 9187],
      ['redis-exporter', 9121],
    ] as const) {
      expect(own.get(part)?.podSelector.matchLabels).toEqual({ 'app.kubernetes.io/name': part });
      expect(shown({ cluster: keybuzz, nodes: [] }, part)).toEqual([
        `{"podSelector":{"matchLabels":{"app.kubernetes.io/name":"prometheus"}}} → ${port}`,
      ]);
    }
  });
});

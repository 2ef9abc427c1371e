import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../../../src/core/ports/kube.js';
import { ciliumRecipe } from '../../../../src/steps/cni/networks/cilium.js';
import type { RecipeInput, Upstream } from '../../../../src/steps/cni/recipe.js';
import { recipeInput } from '../../../support/recipe-input.js';
import { upstreamFolder } from '../../../support/upstream.js';

const INPUT = recipeInput({
  version: 'v1.19.4',
  mode: 'tunnel',
  blockPrefix: 24,
  port: 8473,
  nodes: [1, 2, 3].map((at) => ({ name: `n${at}`, address: `10.0.0.${at}` })),
});

const chart = (part: Partial<RecipeInput> = {}): Extract<Upstream, { readonly kind: 'chart' }> => {
  const upstream = ciliumRecipe.upstream?.({ ...INPUT, ...part });
  if (upstream?.kind !== 'chart') throw new Error('no chart');
  return upstream;
};

const values = (part: Partial<RecipeInput> = {}) => chart(part).values;

describe('Cilium by its chart', () => {
  it('as the second network keeps out of the way of the first', () => {
    expect(chart()).toMatchObject({ name: 'cilium', version: '1.19.4', namespace: 'kube-system' });
    expect(values()).toMatchInlineSnapshot(`
      {
        "MTU": 1450,
        "bpf": {
          "hostLegacyRouting": true,
        },
        "cni": {
          "binPath": "/var/lib/rancher/k3s/data/current/bin",
          "chainingMode": "portmap",
          "confPath": "/var/lib/rancher/k3s/agent/etc/cni/net.d",
          "customConf": true,
          "exclusive": false,
          "uninstall": false,
        },
        "hubble": {
          "enabled": false,
          "tls": {
            "auto": {
              "method": "cronJob",
            },
          },
        },
        "ipam": {
          "mode": "cluster-pool",
          "operator": {
            "clusterPoolIPv4MaskSize": 24,
            "clusterPoolIPv4PodCIDRList": [
              "10.42.128.0/17",
            ],
          },
        },
        "ipv4NativeRoutingCIDR": "10.42.0.0/16",
        "k8sServiceHost": "10.0.0.10",
        "k8sServicePort": 6443,
        "kubeProxyReplacement": false,
        "operator": {
          "replicas": 2,
          "unmanagedPodWatcher": {
            "restart": false,
          },
        },
        "policyEnforcementMode": "never",
        "rollOutCiliumPods": true,
        "routingMode": "tunnel",
        "tunnelPort": 8473,
      }
    `);
  });

  it('alone writes its configuration itself, and enforces policies', () => {
    const alone = values({ beside: false, confDir: '/etc/cni/net.d' });
    expect(alone['cni']).toMatchObject({ customConf: false, confPath: '/etc/cni/net.d' });
    for (const key of ['policyEnforcementMode', 'bpf']) expect(alone[key]).toBeUndefined();
  });

  it('routes bare packets on one segment itself, or leaves them to the provider', () => {
    const native = { mode: 'native', port: null, mtu: 1450 } as const;
    expect(values(native)).toMatchObject({
      routingMode: 'native',
      autoDirectNodeRoutes: true,
      MTU: 1450,
      ipv4NativeRoutingCIDR: '10.42.0.0/16',
    });
    expect(values(native)['tunnelPort']).toBeUndefined();
    expect(values({ ...native, providerRoutes: true })).toMatchObject({
      autoDirectNodeRoutes: false,
      ipam: { mode: 'kubernetes' },
    });
    expect(ciliumRecipe.works({ ...INPUT, mode: 'native' })).toEqual({ device: 'cilium_host' });
  });

  it('replaces kube-proxy only when it is told to, and then brings ports of hosts itself', () => {
    const replaced = { beside: false, replacesKubeProxy: true };
    expect(values(replaced)['kubeProxyReplacement']).toBe(true);
    expect(values(replaced)['cni']).not.toHaveProperty('chainingMode');
    const names = (part: Partial<RecipeInput>): unknown => {
      const conf = ciliumRecipe.conflist({ ...INPUT, ...part });
      if (conf.kind !== 'text') throw new Error('no text');
      return (
        JSON.parse(conf.text) as { readonly plugins: readonly { readonly type: string }[] }
      ).plugins.map(({ type }) => type);
    };
    expect(names({})).toEqual(['cilium-cni', 'portmap']);
    expect(names(replaced)).toEqual(['cilium-cni']);
  });

  it('takes options of the spec, nested or dotted, under its own', () => {
    const options = {
      'bpf.masquerade': true,
      hubble: { enabled: true, relay: { enabled: true } },
      cni: { exclusive: true, logFile: '/var/log/cilium-cni.log' },
    };
    expect(values({ options })).toMatchObject({
      bpf: { masquerade: true, hostLegacyRouting: true },
      hubble: { enabled: true, relay: { enabled: true }, tls: { auto: { method: 'cronJob' } } },
      cni: { exclusive: false, logFile: '/var/log/cilium-cni.log' },
    });
  });

  it('writes the range into the annotation of its agents', () => {
    const agents: KubeObject = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'cilium', namespace: 'kube-system' },
    };
    const other: KubeObject = { ...agents, metadata: { name: 'cilium-envoy', namespace: 'kube-system' } };
    const { name, objects } = ciliumRecipe.set(INPUT, [other, agents]);
    expect(name).toBe('network/cilium');
    expect(objects).toEqual([
      other,
      {
        ...agents,
        metadata: {
          ...agents.metadata,
          annotations: { 'drover.dev/pool': '10.42.128.0/17', 'drover.dev/carriage': 'tunnel' },
        },
      },
    ]);
  });
});

describe('the chart of Cilium 1.19.4', () => {
  let known: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    const folder = join(await upstreamFolder('github.com/cilium/cilium'), 'install/kubernetes/cilium');
    known = parse(await readFile(join(folder, 'values.yaml'), 'utf8')) as typeof known;
  }, 120_000);

  it('has every value that Drover sets', () => {
    const missing = (mine: object, theirs: object, path: string): string[] =>
      Object.entries(mine).flatMap(([name, value]) => {
        const their: unknown = (theirs as Readonly<Record<string, unknown>>)[name];
        if (their === undefined) return [`${path}${name}`];
        const deeper = [value, their].every(
          (one) => typeof one === 'object' && one !== null && !Array.isArray(one),
        );
        return deeper ? missing(value as object, their as object, `${path}${name}.`) : [];
      });
    const all = [
      values({ cluster: 'demo' }),
      values({ beside: false, replacesKubeProxy: true }),
      values({ mode: 'native', port: null }),
    ];
    // Its values.yaml does not name what is unset by default; the schema of the chart has it.
    expect(all.flatMap((each) => missing(each, known, ''))).toEqual([]);
  });
});

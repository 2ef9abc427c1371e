import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../../src/facts/cluster/cluster-facts.js';
import { cniAudit } from '../../../src/steps/cni/audit.js';
import type { World } from '../../../src/steps/step.js';
import { fakeHost, seeing, type Values, worldOf } from '../host/world.js';

const PARAMS = { kept: [{ driver: 'calico-manifest' as const, mode: 'vxlan' as const }] };
const SUBJECT = { hosts: ['h1'] };

const NETWORK: Values = {
  traces: [
    { owner: 'calico', kind: 'link', name: 'vxlan.calico' },
    { owner: 'calico', kind: 'chain', name: 'cali-FORWARD', detail: 'nft filter' },
  ],
  links: [],
  routes: { routes: [] } as never,
  cni: { readFrom: [], files: [], binaries: [] },
  kubernetes: { installs: [], certificates: [], remains: [] },
};

const OBJECTS = { nodes: [], networkDefinitions: ['ippools.crd.projectcalico.org'] };

const world = (values: Values = {}, cluster: object = OBJECTS): World => ({
  ...worldOf({ ...NETWORK, ...values }),
  cluster: cluster as unknown as ClusterFacts,
});

const traces = (...more: NonNullable<Values['traces']>): Values => ({
  traces: [...(NETWORK.traces ?? []), ...more],
});

const audit = async (seen: World) => {
  const state = cniAudit.observe(seen, SUBJECT, PARAMS);
  const { context } = fakeHost(seen);
  return {
    plan: cniAudit.diff(state, PARAMS),
    applied: await cniAudit.apply({ ...context, subject: SUBJECT }, PARAMS, state),
    verified: await cniAudit.verify({ ...seeing(seen, ''), subject: SUBJECT }, PARAMS),
  };
};

describe('the audit after a change', () => {
  it('proves that nothing is left but the kept network, of which it has seen something', async () => {
    expect(await audit(world())).toEqual({
      plan: [],
      applied: { ok: true, value: {} },
      verified: {
        ok: true,
        value: {
          text: '1 host and the cluster have nothing but Calico by manifest (2 things looked at)',
          data: { h1: 2 },
        },
      },
    });
  });

  it.each([
    [
      'a chain in the other packet filter',
      traces({ owner: 'flannel', kind: 'chain', name: 'FLANNEL-POSTRTG', detail: 'legacy nat' }),
      'h1: flannel: chain FLANNEL-POSTRTG (legacy nat)',
    ],
    ['a device', traces({ owner: 'flannel', kind: 'link', name: 'cni0' }), 'h1: flannel: link cni0'],
    [
      'a file',
      traces({ owner: 'flannel', kind: 'file', name: '/run/flannel/subnet.env' }),
      'h1: flannel: file /run/flannel/subnet.env',
    ],
    [
      'a route',
      traces({ owner: 'flannel', kind: 'route', name: '10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink' }),
      'h1: flannel: route 10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink',
    ],
  ])('fails with %s', async (_what, values, cause) => {
    const { applied, verified, plan } = await audit(world(values));
    expect(plan).toEqual([{ kind: 'warn', what: `left: ${cause}` }]);
    for (const each of [applied, verified])
      expect(each).toMatchObject({ error: { class: 'permanent', code: 'cni-residue-left', cause } });
  });

  it('fails with annotations and definitions of the former network', async () => {
    const cluster = {
      nodes: [{ name: 'n1', networkAnnotations: ['flannel.alpha.coreos.com/backend-type'] }],
      networkDefinitions: ['ciliumnodes.cilium.io'],
    };
    expect((await audit(world({}, cluster))).verified).toMatchObject({
      error: {
        cause:
          'the cluster: flannel: annotation flannel.alpha.coreos.com/backend-type of n1 and cilium: definition ciliumnodes.cilium.io',
      },
    });
  });

  it('proves nothing where something could not be seen', async () => {
    const { traces: _, ...rest } = NETWORK;
    const blind = { ...worldOf(rest), cluster: OBJECTS as unknown as ClusterFacts };
    expect(await audit(blind)).toMatchObject({
      plan: [{ kind: 'unknown' }],
      applied: { error: { class: 'transient' } },
      verified: { error: { class: 'transient' } },
    });
    const { cluster: _cluster, ...alone } = world();
    expect((await audit(alone)).verified).toMatchObject({ ok: false });
  });
});

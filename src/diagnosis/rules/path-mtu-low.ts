import type { ProbeMatrix } from '../../facts/model/probe-matrix.js';
import { byText, nodeNetwork } from '../access.js';
import { limited, manual } from '../compose.js';
import { grids, measured } from '../paths/grid.js';
import { defineRule, type FindingDraft, type RuleContext } from '../rule.js';

const PAIRS = 200;

interface LowPath {
  readonly from: string;
  readonly to: string;
  readonly value: number;
  readonly expected: number;
}

/** Paths that carry less than both of their interfaces promise. */
const lowPaths = (context: RuleContext, matrix: ProbeMatrix): LowPath[] => {
  const members = nodeNetwork(context)?.members ?? {};
  const value = measured(matrix);
  const hosts = [...matrix.hosts].sort(byText);
  return hosts.flatMap((from) =>
    hosts.flatMap((to) => {
      const [a, b, got] = [members[from]?.mtu, members[to]?.mtu, value(from, to)];
      if (a === undefined || b === undefined || got === undefined || got >= Math.min(a, b)) return [];
      return [{ from, to, value: got, expected: Math.min(a, b) }];
    }),
  );
};

const draft = (matrix: ProbeMatrix, low: readonly LowPath[]): FindingDraft => {
  const lowest = low.reduce((least, path) => Math.min(least, path.value), Number.POSITIVE_INFINITY);
  const [first] = low;
  return {
    title: `Packets above ${lowest} bytes vanish on ${low.length === 1 ? `the path ${first?.from ?? ''} → ${first?.to ?? ''}` : `${low.length} paths`} although the interfaces promise ${first?.expected ?? ''}`,
    hosts: [...new Set(low.flatMap(({ from, to }) => [from, to]))].sort(byText),
    pairs: low.slice(0, PAIRS).map(({ from, to }) => [from, to]),
    evidence: limited(
      low.slice(0, 4).map(({ from, to, value, expected }) => ({
        fact: `probes.${matrix.id}`,
        text: `${from} → ${to}: largest unfragmented packet ${value}, interfaces ${expected}`,
      })),
    ),
    cause:
      'A link on the way has a smaller MTU than the interfaces, and nobody tells the sender: a black hole for large packets.',
    fix: manual(
      `ip link set INTERFACE mtu ${lowest} on the hosts, or set spec.network.cni.mtu to ${lowest} less the tunnel's overhead`,
    ),
  };
};

export const pathMtuLow = defineRule({
  code: 'path-mtu-low',
  title: 'A path carries smaller packets than its interfaces promise',
  severity: 'error',
  reads: ['probe:path-mtu', 'links'],
  explain: `Packets with "do not fragment" were halved until they passed. The largest that arrives is smaller than the MTU of both interfaces: ping and short answers work, TLS handshakes and image pulls hang. Private cloud
networks carry 1450 bytes (Hetzner vSwitch 1400), tunnels of the provider take their share.

The MTU of the cluster network must be this value less its own overhead; the verdict table names it.`,
  source: 'https://docs.tigera.io/calico/latest/networking/configuring/mtu',
  check: (context) =>
    grids(context, 'path-mtu').flatMap(({ matrix }) => {
      const low = lowPaths(context, matrix);
      return low.length === 0 ? [] : [draft(matrix, low)];
    }),
});

import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import { drivers } from '../../facts/cni/drivers.js';
import { type Look, liveInstalls, observe } from '../access.js';
import { findingIf, manual, where } from '../compose.js';
import { defineRule } from '../rule.js';

/** Geneve's device is not the one of VXLAN, which the mode has otherwise. */
const DEVICES: Readonly<Record<string, string>> = { 'tunnel/geneve': 'cilium_geneve' };

interface Expected {
  readonly device: string;
  readonly title: string;
  /** What the agents say of themselves. */
  readonly agents: string;
}

/** The device that packets of a network take, whose agents Drover has told how to carry them. */
const expectedBy = (cluster: ClusterFacts | undefined): readonly Expected[] =>
  (cluster?.workloads ?? []).flatMap(({ namespace, name, carriage, ready, wanted }): Expected[] => {
    const driver = drivers.find(({ signs }) => signs.agents.test(`${namespace}/${name}`));
    const [now = ''] = carriage?.split(' with ') ?? [];
    const [mode] = now.split('/');
    const usual = driver?.encapsulations.find((each) => each.mode === mode)?.device;
    const device = DEVICES[now] ?? usual;
    return driver === undefined || device === undefined
      ? []
      : [
          {
            device,
            title: driver.title,
            agents: `${namespace}/${name} is ready on ${ready} of ${wanted} nodes`,
          },
        ];
  });

export const networkDeviceMissing = defineRule({
  code: 'network-device-missing',
  title: 'The device of the cluster network is not there',
  severity: 'error',
  reads: ['links', 'kubernetes'],
  explain: `The agents of the network are told to carry packets between nodes by a device, and it is missing or down on a host. Their own health does not tell: on a kernel without IPIP Felix logs “operation not supported” each second and
answers ready and live; Cilium's agents are ready while somebody has deleted \`cilium_vxlan\`, and Flannel's while \`flannel.1\` is gone, until they start again. Pods of this host reach none of another.`,
  source: 'https://github.com/projectcalico/calico/issues/1357',
  check: (context) => {
    const expected = expectedBy(context.facts.kubernetes);
    const seen = observe(context, 'links', (links, host): Look[] =>
      liveInstalls(host).length === 0
        ? []
        : expected
            .filter(({ device }) => !links.some(({ name, up }) => name === device && up))
            .map(({ device, title, agents }) => ({
              text: `${title}: no ${device} that is up, while ${agents}`,
              at: device,
            })),
    );
    return findingIf(seen, () => ({
      title: `The device of the cluster network is missing on ${where(seen)}`,
      cause: 'Its agent could not make it, or somebody has deleted it since; agents do not look again.',
      fix: manual(
        'look at the log of the agent on the host, then let it start again: kubectl -n NAMESPACE delete pod POD',
      ),
    }));
  },
});

import { cniUp } from '../../steps/cni/up.js';
import { k3sNetwork } from '../../steps/k3s/network.js';
import { askedNetwork, type K3sNetwork } from '../../steps/k3s/settings.js';
import { servicesClean } from '../../steps/services/clean.js';
import { servicesProve } from '../../steps/services/prove.js';
import { setsApply } from '../../steps/sets/apply.js';
import type { Goal, StageGoal } from '../goal.js';
import { ipsetSteps } from '../ipset-goals.js';
import { k3sNetworkGoal } from './k3s-goal.js';
import type { MembersInput } from './k3s-members.js';
import { runningNetwork } from './running.js';
import { type Change, clusterGoal, hostGoal, membersOf, upGoals } from './second.js';
import type { Asked } from './situation.js';

export const SERVICES = 'services';

/** Patience with endpoints that every node must hear of. */
const PATIENCE_SECONDS = 60;

const BREAKS =
  'connections to Services that exist may break: two programs translate them, and neither knows the other’s';

/** What K3s shall do, when that is another thing about kube-proxy than it does; undefined = nothing is to be changed. */
export const proxyChange = ({
  cluster,
  world,
}: Pick<MembersInput, 'cluster' | 'world'>): K3sNetwork | undefined => {
  const running = runningNetwork(cluster, world);
  const { kubeProxy } = askedNetwork(cluster);
  return running === undefined || running.kubeProxy === kubeProxy ? undefined : { ...running, kubeProxy };
};

const proven = (
  { members: { cluster }, asked }: Change,
  { by, mark }: { readonly by: string; readonly mark: string },
  after: readonly string[],
): Goal => {
  const nodes = membersOf(cluster).map(({ name, address }) => ({ name, address }));
  const params = { nodes, image: cluster.spec.acceptance.image, by, limitSeconds: PATIENCE_SECONDS };
  const goal = clusterGoal(servicesProve, cluster, params, after);
  return { ...goal, id: `${goal.id}/${asked.cni}-${mark}` };
};

const ids = (goals: readonly Goal[]): readonly string[] => goals.map(({ id }) => id);

/** The network learns Services first; then kube-proxy goes, on all servers at once, and its rules with it. */
const replaced = (change: Change, k3s: K3sNetwork): readonly Goal[] => {
  const { members } = change;
  const before = proven(change, { by: 'kube-proxy', mark: 'before' }, []);
  const up = upGoals(change, [before.id], '/services').map((goal) =>
    goal.step === setsApply ? { ...goal, expected: { seconds: 30, interruption: BREAKS } } : goal,
  );
  const off = k3sNetworkGoal(members, 'kube-proxy', k3s, ids(up));
  const cleaned = membersOf(members.cluster).map(({ name }) =>
    hostGoal(servicesClean, name, { services: members.cluster.spec.network.services }, [off.id]),
  );
  return [
    before,
    ...up,
    off,
    ...cleaned,
    proven(change, { by: change.asked.cni, mark: 'after' }, ids(cleaned)),
  ];
};

/** kube-proxy comes back and is proven before the network forgets Services. */
const restored = (change: Change, k3s: K3sNetwork): readonly Goal[] => {
  const on = k3sNetworkGoal(change.members, 'kube-proxy', k3s, []);
  const up = upGoals(change, [on.id], '/services').map((goal) =>
    goal.step === setsApply ? { ...goal, expected: { seconds: 30, interruption: BREAKS } } : goal,
  );
  return [on, ...up, proven(change, { by: 'kube-proxy', mark: 'after' }, ids(up))];
};

const goalOf = (asked: Asked, k3s: K3sNetwork): string =>
  k3s.kubeProxy
    ? 'kube-proxy programs Services again'
    : `${asked.cni} programs Services in place of kube-proxy, proven by endpoints that change`;

/** Who programs Services changes, as a change of its own, with its own proof. */
export const servicesStage = (change: Change): readonly StageGoal[] => {
  const k3s = proxyChange(change.members);
  if (k3s === undefined) return [];
  const goals = k3s.kubeProxy ? restored(change, k3s) : replaced(change, k3s);
  return [{ name: SERVICES, goal: goalOf(change.asked, k3s), goals }];
};

/** Behind a change to a network that replaces kube-proxy: planned when that one is alone. */
export const laterServicesStage = (change: Pick<Change, 'members' | 'asked'>): readonly StageGoal[] => {
  const { members, asked } = change;
  const k3s = proxyChange(members);
  if (k3s === undefined || k3s.kubeProxy) return [];
  return [
    {
      name: SERVICES,
      goal: goalOf(asked, k3s),
      goals: [],
      envelope: {
        steps: [
          servicesProve.id,
          ...ipsetSteps(members.cluster),
          setsApply.id,
          cniUp.id,
          k3sNetwork.id,
          servicesClean.id,
        ],
        hosts: membersOf(members.cluster).map(({ name }) => name),
        highestRisk: setsApply.risk === 'high' ? 'high' : 'medium',
        irreversible: false,
      },
    },
  ];
};

import { driverOf } from '../../facts/cni/drivers.js';
import { splitPath } from '../../facts/cni/in-use.js';
import { cniDropConf } from '../../steps/cni/drop-conf.js';
import { flannelK3s, K3S_CONF_DIR } from '../../steps/cni/networks/flannel-k3s.js';
import { confs } from '../../steps/cni/recipes.js';
import { k3sNetwork } from '../../steps/k3s/network.js';
import { askedNetwork } from '../../steps/k3s/settings.js';
import type { StageGoal } from '../goal.js';
import { flannelInput, onGoals, stagedGoals } from './flannel-on.js';
import { HAND_OVER } from './hand-over.js';
import { k3sNetworkGoal } from './k3s-goal.js';
import type { MembersInput } from './k3s-members.js';
import { residueStage } from './residue.js';
import { memberFacts } from './running.js';
import {
  bypassGoals,
  controlGoals,
  hostGoal,
  type Move,
  membersOf,
  nodesText,
  opened,
  provenUp,
  rulesGoals,
  saveGoal,
  switchGoals,
  watched,
  wayBackGoals,
} from './second.js';
import type { Asked, Situation } from './situation.js';

/**
 * Where K3s with Flannel looks: configurations of other networks, and the copy that moved nodes before its original
 * counted. In other folders agents of the former network write theirs as long as they run; that is residue.
 */
const confsThat = (host: string, { cluster, world }: MembersInput): readonly string[] => {
  const names = Object.values(confs).map(({ confName }) => confName);
  const files = memberFacts(cluster, world).find(({ name }) => name === host)?.sections.cni?.value?.files;
  return (
    (files ?? [])
      .map(({ path }) => path)
      .filter((path) => {
        const { dir, name } = splitPath(path);
        return names.includes(name) && dir === K3S_CONF_DIR;
      })
      // Until the former network is out, the copy keeps Flannel before it.
      .sort((a, b) => Number(a.endsWith(flannelK3s.confName)) - Number(b.endsWith(flannelK3s.confName)))
  );
};

const handOverEnvelope = ({ members, asked }: Pick<Move, 'members' | 'asked'>): StageGoal =>
  watched(
    { members },
    {
      name: HAND_OVER,
      goal: `${driverOf(asked.driver).title} by ${asked.mode} is the only network, and judges NetworkPolicies again`,
      goals: [],
      envelope: {
        steps: [cniDropConf.id, k3sNetwork.id],
        hosts: membersOf(members.cluster).map(({ name }) => name),
        highestRisk: k3sNetwork.risk,
        irreversible: false,
      },
    },
  );

/** All nodes have moved: nothing else lies where runtimes look, and K3s judges NetworkPolicies again. */
export const toFlannelHandOver = (members: MembersInput, asked: Asked): StageGoal => {
  const { cluster } = members;
  const dropped = membersOf(cluster).flatMap(({ name }) => {
    const paths = confsThat(name, members);
    return paths.length === 0 ? [] : [hostGoal(cniDropConf, name, { paths }, [])];
  });
  const after = dropped.map(({ id }) => id);
  return {
    ...handOverEnvelope({ members, asked }),
    goals: [...dropped, k3sNetworkGoal(members, 'policies', askedNetwork(cluster), after)],
  };
};

const nodeByNode = (move: Move): readonly StageGoal[] => {
  const { members, asked, from, input } = move;
  const save = saveGoal(move);
  const back = wayBackGoals(move, [save.id]);
  const open = opened(
    move,
    back.map(({ id }) => id),
  );
  const first = [...back, ...open].map(({ id }) => id);
  const ready = [...stagedGoals(move, first), ...bypassGoals(move, true, first)];
  const before = [...first, ...ready.map(({ id }) => id)];
  const on = onGoals(move, before);
  const isOn = [...before, ...on.map(({ id }) => id)];
  const rules = rulesGoals(move, on, isOn);
  const up = provenUp(move, [...isOn, ...rules.map(({ id }) => id)]);
  const title = driverOf(asked.driver).title;
  return [
    watched(move, {
      name: 'prepare',
      goal: `${title} stands beside ${driverOf(from.driver).title}, on ${input.pool}`,
      goals: [save, ...back, ...open, ...ready, ...on, ...rules, up, ...controlGoals(move, [up.id])],
    }),
    watched(move, {
      name: 'nodes',
      goal: `${nodesText(members.cluster)} move to ${title}, one after another`,
      goals: switchGoals(move, { inWindow: false, after: [] }),
    }),
  ];
};

const inPlace = (move: Move): readonly StageGoal[] => {
  const { members, asked, input } = move;
  const save = saveGoal(move);
  const back = wayBackGoals(move, [save.id]);
  const open = opened(
    move,
    back.map(({ id }) => id),
  );
  const bypass = bypassGoals(move, true, []);
  const kept = bypass.map(({ id }) => id);
  const on = onGoals(move, kept);
  const isOn = [...kept, ...on.map(({ id }) => id)];
  const rules = rulesGoals(move, on, isOn);
  const up = provenUp(move, [...isOn, ...rules.map(({ id }) => id)]);
  return [
    {
      name: 'prepare',
      goal: 'what the change could lose is saved',
      goals: [save, ...back, ...open],
    },
    watched(move, {
      name: 'window',
      goal: `${nodesText(members.cluster)} move to ${driverOf(asked.driver).title} at once, on ${input.pool}`,
      goals: [...bypass, ...on, ...rules, up, ...switchGoals(move, { inWindow: true, after: [up.id] })],
    }),
  ];
};

/** From a network that Drover has put there to the Flannel of K3s, by the way that the spec chooses. */
export const toFlannelStages = (
  members: MembersInput & { readonly broken?: boolean | undefined },
  situation: Extract<Situation, { kind: 'other' }>,
): readonly StageGoal[] => {
  const { asked, from } = situation;
  // Of a network without a recipe nobody knows how to keep it until its nodes have moved.
  if (confs[from.driver] === undefined) return [];
  const input = flannelInput(members.cluster, members.world, { asked, situation });
  const move = { members, asked, from, input, broken: members.broken === true };
  const way = members.cluster.spec.network.change.way === 'in-place' ? inPlace : nodeByNode;
  return [...way(move), handOverEnvelope(move), residueStage(members, asked, from)];
};

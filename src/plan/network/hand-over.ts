import type { CniMode, DriverId } from '../../facts/cni/driver.js';
import { driverOf } from '../../facts/cni/drivers.js';
import { cniDropConf } from '../../steps/cni/drop-conf.js';
import type { RecipeInput } from '../../steps/cni/recipe.js';
import { recipes } from '../../steps/cni/recipes.js';
import { cniStageConf } from '../../steps/cni/stage-conf.js';
import { cniUp } from '../../steps/cni/up.js';
import { k3sNetwork } from '../../steps/k3s/network.js';
import { askedNetwork } from '../../steps/k3s/settings.js';
import { setsApply } from '../../steps/sets/apply.js';
import type { Goal, StageGoal } from '../goal.js';
import { ipsetSteps } from '../ipset-goals.js';
import { k3sNetworkGoal } from './k3s-goal.js';
import { foldersRead, STANDARD } from './recipe-input.js';
import { isReleased, runningNetwork } from './running.js';
import { type Change, hostGoal, membersOf, upGoals, watched } from './second.js';

export const HAND_OVER = 'hand over';

const typesIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(typesIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    key === 'type' && typeof member === 'string' ? [member] : typesIn(member),
  );
};

/** Runtimes call it for every pod, whatever configuration they read. */
const LOOPBACK = 'loopback';

/** All programs that the configuration of a network calls, its own and those of others. */
export const pluginsOf = (driver: DriverId, input: RecipeInput): readonly string[] => {
  const recipe = recipes[driver];
  if (recipe === undefined) return [];
  const conf = recipe.conflist(input);
  const called =
    conf.kind === 'text'
      ? typesIn((JSON.parse(conf.text) as { plugins?: unknown }).plugins)
      : (conf.calls ?? []);
  return [...new Set([LOOPBACK, ...recipe.plugins, ...called])].sort();
};

/** K3s lets go of the network: the same configuration lies where runtimes look from then on, before they look there. */
const letGo = (change: Change): readonly Goal[] => {
  const { members, asked, input } = change;
  const { cluster, world } = members;
  const running = runningNetwork(cluster, world);
  if (running === undefined || (isReleased(members.cluster, members.world) && !running.policies)) return [];
  const now: RecipeInput = { ...input, ...foldersRead(cluster, world), beside: true };
  const params = { driver: asked.driver, input: now, plugins: pluginsOf(asked.driver, input), ...STANDARD };
  const staged = membersOf(cluster).map(({ name }) => hostGoal(cniStageConf, name, params, []));
  const k3s = { ...askedNetwork(cluster), kubeProxy: running.kubeProxy };
  return [
    ...staged,
    k3sNetworkGoal(
      members,
      'hand-over',
      k3s,
      staged.map(({ id }) => id),
    ),
  ];
};

/** All nodes have moved: K3s lets go, and the new network becomes the only one. `change` is in the phase `alone`. */
export const handOverGoals = (change: Change): readonly Goal[] => {
  const { members, asked } = change;
  const freed = letGo(change);
  const up = upGoals(
    change,
    freed.map(({ id }) => id),
    '/alone',
  );
  const { confDir } = foldersRead(members.cluster, members.world);
  const name = recipes[asked.driver]?.confName ?? '';
  // In the folder of K3s it would count again as soon as somebody switches Flannel on.
  const dropped =
    confDir.replace(/\/$/, '') === STANDARD.confDir
      ? []
      : membersOf(members.cluster).map((host) =>
          hostGoal(
            cniDropConf,
            host.name,
            { paths: [`${confDir.replace(/\/$/, '')}/${name}`] },
            up.map(({ id }) => id),
          ),
        );
  return [...freed, ...up, ...dropped];
};

/** What it does shows when every node has moved. */
export const handOverStage = (change: Pick<Change, 'members' | 'asked'>): StageGoal => {
  const { members, asked } = change;
  const mode: CniMode = asked.mode;
  return watched(change, {
    name: HAND_OVER,
    goal: `${driverOf(asked.driver).title} by ${mode} is the only network, and K3s brings none`,
    goals: [],
    envelope: {
      steps: [
        cniStageConf.id,
        k3sNetwork.id,
        ...ipsetSteps(members.cluster),
        setsApply.id,
        cniUp.id,
        cniDropConf.id,
      ],
      hosts: membersOf(members.cluster).map(({ name }) => name),
      highestRisk: setsApply.risk === 'high' ? 'high' : 'medium',
      irreversible: false,
    },
  });
};

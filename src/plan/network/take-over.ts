import { driverOf } from '../../facts/cni/drivers.js';
import { cniStageConf } from '../../steps/cni/stage-conf.js';
import { askedNetwork } from '../../steps/k3s/settings.js';
import type { StageGoal } from '../goal.js';
import { pluginsOf } from './hand-over.js';
import { k3sNetworkGoal } from './k3s-goal.js';
import { foldersRead, STANDARD } from './recipe-input.js';
import { residueStage } from './residue.js';
import { runningNetwork } from './running.js';
import { type Change, hostGoal, membersOf, saveGoal, upGoals, watched } from './second.js';

/**
 * Flannel goes on as a DaemonSet: its agents take ranges, device and port as K3s left them, so that no pod notices. They
 * are there, with the plugins that their configuration calls, before K3s lets go.
 */
export const takeOverStages = (change: Change): readonly StageGoal[] => {
  const { members, asked, input } = change;
  const { cluster, world } = members;
  const save = saveGoal(change);
  const up = upGoals(change, [save.id]);
  const { binDir } = foldersRead(cluster, world);
  const params = {
    driver: asked.driver,
    // Its agents have written it where K3s will look; plugins of others come from K3s.
    input: { ...input, confDir: STANDARD.confDir, binDir },
    plugins: pluginsOf(asked.driver, input),
    ...STANDARD,
  };
  const ready = up.map(({ id }) => id);
  const staged = membersOf(cluster).map(({ name }) => hostGoal(cniStageConf, name, params, ready));
  const wanted = askedNetwork(cluster);
  const k3s = { ...wanted, kubeProxy: runningNetwork(cluster, world)?.kubeProxy ?? wanted.kubeProxy };
  const released = k3sNetworkGoal(
    members,
    'hand-over',
    k3s,
    staged.map(({ id }) => id),
  );
  return [
    watched(change, {
      name: 'take over',
      goal: `${driverOf(asked.driver).title} carries packets as Flannel inside K3s did, and K3s lets go`,
      goals: [save, ...up, ...staged, released],
    }),
    residueStage(members, asked),
  ];
};

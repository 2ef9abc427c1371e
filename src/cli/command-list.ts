import type { Command } from './command.js';
import { apply } from './commands/apply.js';
import { balancer } from './commands/balancer.js';
import { cleanCni } from './commands/clean-cni.js';
import { completion } from './commands/completion.js';
import { configExplain } from './commands/config-explain.js';
import { configValidate } from './commands/config-validate.js';
import { configView } from './commands/config-view.js';
import { doctor } from './commands/doctor.js';
import { drillNodeLoss } from './commands/drill-node-loss.js';
import { explain } from './commands/explain.js';
import { exportCommand } from './commands/export.js';
import { help } from './commands/help.js';
import { init } from './commands/init.js';
import { labBreak } from './commands/lab-break.js';
import { labBuild } from './commands/lab-build.js';
import { labCrash } from './commands/lab-crash.js';
import { labDown } from './commands/lab-down.js';
import { labHeal } from './commands/lab-heal.js';
import { labKubeconfig } from './commands/lab-kubeconfig.js';
import { labPartition } from './commands/lab-partition.js';
import { labReset } from './commands/lab-reset.js';
import { labSnapshot } from './commands/lab-snapshot.js';
import { labSsh } from './commands/lab-ssh.js';
import { labStart } from './commands/lab-start.js';
import { labStatus } from './commands/lab-status.js';
import { labStop } from './commands/lab-stop.js';
import { labThrottle } from './commands/lab-throttle.js';
import { labUp } from './commands/lab-up.js';
import { plan } from './commands/plan.js';
import { planDiff } from './commands/plan-diff.js';
import { planShow } from './commands/plan-show.js';
import { policy } from './commands/policy.js';
import { restore } from './commands/restore.js';
import { rollback } from './commands/rollback.js';
import { runs } from './commands/runs.js';
import { runsShow } from './commands/runs-show.js';
import { secretsCheck } from './commands/secrets-check.js';
import { secretsEdit } from './commands/secrets-edit.js';
import { secretsSet } from './commands/secrets-set.js';
import { status } from './commands/status.js';
import { trust } from './commands/trust.js';
import { vaultSetup } from './commands/vault-setup.js';
import { verify } from './commands/verify.js';
import { version } from './commands/version.js';

/** Every command, in the order of help and docs. A new command is one file in `commands/` and one line here. */
export const commands: readonly Command[] = [
  init,
  doctor,
  plan,
  planShow,
  planDiff,
  apply,
  rollback,
  cleanCni,
  verify,
  policy,
  balancer,
  vaultSetup,
  drillNodeLoss,
  status,
  runs,
  runsShow,
  exportCommand,
  restore,
  secretsCheck,
  secretsEdit,
  secretsSet,
  trust,
  labBuild,
  labUp,
  labDown,
  labStatus,
  labSsh,
  labStop,
  labStart,
  labCrash,
  labKubeconfig,
  labPartition,
  labThrottle,
  labSnapshot,
  labReset,
  labBreak,
  labHeal,
  configValidate,
  configView,
  configExplain,
  explain,
  completion,
  help,
  version,
];

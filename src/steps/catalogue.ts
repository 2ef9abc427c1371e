import { haproxy } from './balancer/haproxy.js';
import { cniAudit } from './cni/audit.js';
import { cniBypass } from './cni/bypass.js';
import { cniClean } from './cni/clean.js';
import { cniCleanObjects } from './cni/clean-objects.js';
import { cniControl } from './cni/control.js';
import { cniDropConf } from './cni/drop-conf.js';
import { cniIpsetSwap } from './cni/ipset-swap.js';
import { cniSave } from './cni/save.js';
import { cniStageConf } from './cni/stage-conf.js';
import { cniSwitch } from './cni/switch.js';
import { cniUp } from './cni/up.js';
import { cniWayBack } from './cni/way-back.js';
import { drillAwait } from './drill/await.js';
import { drillStart } from './drill/start.js';
import { drillStop } from './drill/stop.js';
import { hostFirewall } from './host/firewall.js';
import { hostHostname } from './host/hostname.js';
import { hostHostsFile } from './host/hosts-file.js';
import { hostModules } from './host/modules.js';
import { hostPackages } from './host/packages.js';
import { hostResolvers } from './host/resolvers.js';
import { hostSwap } from './host/swap.js';
import { hostSysctls } from './host/sysctls.js';
import { hostTime } from './host/time.js';
import { k3sAddons } from './k3s/addons.js';
import { k3sBinary } from './k3s/binary.js';
import { k3sConfig } from './k3s/config.js';
import { k3sDrain } from './k3s/drain.js';
import { k3sImages } from './k3s/images.js';
import { k3sKeepKey } from './k3s/keep-key.js';
import { k3sNetwork } from './k3s/network.js';
import { k3sNode } from './k3s/node.js';
import { k3sRemoveNode } from './k3s/remove-node.js';
import { k3sAgent, k3sServer } from './k3s/service.js';
import { k3sStartTogether } from './k3s/start-together.js';
import { k3sUninstall } from './k3s/uninstall.js';
import { objectsPutBack } from './objects/put-back.js';
import { objectsRestore } from './objects/restore.js';
import { operatorFetch } from './operator/fetch.js';
import { operatorKubeconfig } from './operator/kubeconfig.js';
import { secretsDeliver } from './secrets/deliver.js';
import { servicesClean } from './services/clean.js';
import { servicesProve } from './services/prove.js';
import { setsApply } from './sets/apply.js';
import type { AnyStep } from './step.js';

/** All steps, in the order in which they usually come. */
export const steps: readonly AnyStep[] = [
  hostSwap,
  hostModules,
  hostSysctls,
  hostHostsFile,
  hostHostname,
  hostResolvers,
  hostTime,
  hostPackages,
  hostFirewall,
  haproxy,
  operatorFetch,
  k3sBinary,
  k3sConfig,
  k3sImages,
  k3sStartTogether,
  k3sServer,
  k3sAgent,
  k3sNetwork,
  k3sAddons,
  k3sKeepKey,
  k3sNode,
  k3sDrain,
  k3sUninstall,
  k3sRemoveNode,
  cniIpsetSwap,
  cniSave,
  cniWayBack,
  cniUp,
  cniControl,
  cniBypass,
  cniSwitch,
  cniStageConf,
  cniDropConf,
  cniClean,
  cniCleanObjects,
  cniAudit,
  servicesProve,
  servicesClean,
  operatorKubeconfig,
  secretsDeliver,
  setsApply,
  drillStop,
  drillAwait,
  drillStart,
  objectsRestore,
  objectsPutBack,
];

const byId = new Map(steps.map((step) => [step.id, step]));

export const stepOf = (id: string): AnyStep | undefined => byId.get(id);

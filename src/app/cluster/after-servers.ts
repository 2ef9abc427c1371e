import type { Json } from '../../core/canonical.js';
import { type Goal, goalId } from '../../plan/goal.js';
import type { Cluster } from '../../spec/cluster.js';
import { k3sAddons } from '../../steps/k3s/addons.js';
import type { AddonsParams } from '../../steps/k3s/addons-state.js';
import { k3sKeepKey } from '../../steps/k3s/keep-key.js';
import { k3sServer } from '../../steps/k3s/service.js';
import { operatorKubeconfig } from '../../steps/operator/kubeconfig.js';
import type { AnyStep, World } from '../../steps/step.js';
import { kubeconfigParams } from './kubeconfig-params.js';

const addonsParams = ({ spec: { addons, network } }: Cluster): AddonsParams => {
  const { coredns, metricsServer, localPath } = addons;
  return {
    enabled: {
      coredns: coredns.enabled,
      metricsServer: metricsServer.enabled,
      localPath: localPath.enabled,
    },
    replicas: coredns.replicas ?? null,
    defaultClass: localPath.defaultClass,
    folder: localPath.path ?? null,
    network: network.cni.name === 'flannel',
  };
};

const isOn = (value: unknown): boolean => value === true || value === 'true';

/** Whether K3s encrypts Secrets: by the spec, or by a file of the user's own. */
const encrypts = ({ spec: { distribution } }: Cluster, world: World): boolean =>
  (distribution.kind === 'k3s' && isOn(distribution.config['secrets-encryption'])) ||
  [...world.hosts.values()].some(({ sections }) =>
    sections.kubernetes?.value?.installs.some(
      ({ role, settings }) => role === 'server' && isOn(settings['secrets-encryption']?.value),
    ),
  );

/**
 * What shall hold once every server runs: the add-ons that K3s brings along, a copy of its own key, and the operator's
 * way in.
 */
export const afterServers = (cluster: Cluster, world: World, k3s: readonly Goal[]): Goal[] => {
  const started = k3s.filter(({ step }) => step === k3sServer);
  const goal = (step: AnyStep, params: Json): Goal => ({
    id: goalId(step, cluster.name),
    step,
    params,
    hosts: started.flatMap(({ hosts }) => hosts),
    after: started.map(({ id }) => id),
  });
  return [
    goal(k3sAddons, addonsParams(cluster)),
    goal(k3sKeepKey, { expected: encrypts(cluster, world) }),
    ...(cluster.spec.api.kubeconfig.merge ? [goal(operatorKubeconfig, kubeconfigParams(cluster))] : []),
  ];
};

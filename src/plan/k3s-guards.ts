import { kubeReady } from '../steps/guards/kube-ready.js';
import type { World } from '../steps/step.js';
import type { Guard } from './model.js';

const PARAMS = { everyMs: 1_000 };

/** The API moves to another server within seconds; a loaded one may take a minute. A run that takes it away longer does harm. */
const BUDGET: Guard['budget'] = { longestMs: 120_000, totalMs: 600_000, silentMs: 180_000 };

/**
 * What is watched while a K3s cluster that lives already is changed: its API, through whichever server answers. Fewer than
 * three voters of etcd cannot keep it up while one restarts; then the plan says so beside the action, and nothing is watched.
 */
export const k3sGuards = ({ cluster }: World): Guard[] => {
  const voters = (cluster?.nodes ?? []).filter(({ etcd }) => etcd === 'voter').map(({ name }) => name);
  if (voters.length < 3) return [];
  return [
    {
      id: kubeReady.id,
      kind: kubeReady.id,
      title: kubeReady.title(PARAMS),
      params: PARAMS,
      hosts: [...voters].sort(),
      during: [],
      budget: BUDGET,
      onBreach: 'stop',
    },
  ];
};

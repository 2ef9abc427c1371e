import type { AnyGuard } from '../guard.js';
import { kubeReady } from './kube-ready.js';
import { kubeWrites } from './kube-writes.js';
import { networkPairs } from './network-pairs.js';
import { urls } from './urls.js';

/** All kinds of guards. */
const guards: readonly AnyGuard[] = [kubeReady, kubeWrites, networkPairs, urls];

const byId = new Map(guards.map((guard) => [guard.id, guard]));

export const guardOf = (id: string): AnyGuard | undefined => byId.get(id);

import type { AnyGuard } from '../guard.js';
import { kubeReady } from './kube-ready.js';
import { networkPairs } from './network-pairs.js';

/** All kinds of guards. */
const guards: readonly AnyGuard[] = [kubeReady, networkPairs];

const byId = new Map(guards.map((guard) => [guard.id, guard]));

export const guardOf = (id: string): AnyGuard | undefined => byId.get(id);

import type { AnyGuard } from '../guard.js';
import { kubeReady } from './kube-ready.js';

/** All kinds of guards. */
const guards: readonly AnyGuard[] = [kubeReady];

const byId = new Map(guards.map((guard) => [guard.id, guard]));

export const guardOf = (id: string): AnyGuard | undefined => byId.get(id);

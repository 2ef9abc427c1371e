import type { Kube } from '../../core/ports/kube.js';
import { createKube } from '../../kube/client.js';
import { loadCredentials } from '../../kube/credentials.js';
import { systemClock } from '../../system/clock.js';

/** A client for the cluster of a kubeconfig that never touched the disk. */
export const connectKube = async (kubeconfig: string): Promise<Kube> =>
  createKube(await loadCredentials({ text: kubeconfig }, () => systemClock.now()), systemClock);

import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { createKube } from '../../kube/client.js';
import { loadCredentials } from '../../kube/credentials.js';
import { imageRegistry } from '../../registry/ask-image.js';
import { loadIdentity } from '../../secrets/identity.js';
import { ageKeyWrap } from '../../secrets/key-wrap.js';
import { systemClock } from '../../system/clock.js';
import { systemFiles } from '../../system/files.js';
import { systemRandom } from '../../system/random.js';
import { identityPath } from '../cluster/wiring.js';
import { toolVersion } from '../version.js';
import type { Setting } from '../wiring.js';
import type { BundleTools } from './tools.js';

export interface BundleSetting extends Setting {
  readonly env: Readonly<Record<string, string | undefined>>;
}

const connect: BundleTools['connect'] = async ({ kubeconfig, context, as }) => {
  try {
    const credentials = await loadCredentials(
      {
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(context === undefined ? {} : { context }),
        ...(as === undefined ? {} : { as }),
      },
      () => systemClock.now(),
    );
    return ok(createKube(credentials, systemClock));
  } catch (reason) {
    return err({
      code: 'cluster-access',
      message: `there is no way to the cluster${context === undefined ? '' : ` of context ${context}`}`,
      cause: reason instanceof Error ? reason.message : String(reason),
      state: 'nothing was done',
      hint: '`kubectl config get-contexts` lists the contexts; --kubeconfig names another file',
    });
  }
};

/** Tools for carrying objects as they are outside of tests. */
export const bundleTools = async (setting: BundleSetting): Promise<Result<BundleTools, DroverError>> => {
  const identity = await loadIdentity(identityPath(setting));
  if (!identity.ok) return err({ ...identity.error, state: 'nothing was done' });
  const own = identity.value;
  return ok({
    connect,
    registry: imageRegistry,
    keyWrap: (recipients) => ageKeyWrap(own.identity, [...new Set([own.recipient, ...recipients])]),
    clock: systemClock,
    random: systemRandom,
    files: systemFiles,
    env: setting.env,
    emit: setting.emit,
    signal: setting.signal,
    tool: toolVersion(),
  });
};

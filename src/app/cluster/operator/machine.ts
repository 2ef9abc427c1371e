import type { Emit } from '../../../core/events/event.js';
import { type FoundContext, findContext, soleKubeconfig } from '../../../core/kubeconfig.js';
import type { Clock } from '../../../core/ports/clock.js';
import type { Random } from '../../../core/ports/random.js';
import type { Secrets } from '../../../core/ports/secrets.js';
import { err, ok, type Result } from '../../../core/result.js';
import type { ContextFacts, KubeconfigFacts, OperatorFacts } from '../../../facts/operator/operator-facts.js';
import { digestOf } from '../../../lab/build/kept-digest.js';
import type { KubeconfigParams } from '../../../steps/operator/kubeconfig.js';
import type { OperatorEffects } from '../../../steps/operator-effects.js';
import { kubeOf } from '../verify/api-paths.js';
import { dropArtifact, fetchArtifact, keptArtifact, keptDigests } from './artifact-cache.js';
import { editKubeconfigFile, readKubeconfigFile } from './kubeconfig-file.js';

/** The operator's own machine: what is there, and what steps may change there. */
export interface OperatorMachine {
  readonly see: (signal: AbortSignal) => Promise<OperatorFacts>;
  readonly effects: (signal: AbortSignal) => OperatorEffects;
}

export interface MachineSetting {
  /** The kubeconfig that contexts are merged into. */
  readonly kubeconfig: string;
  readonly access: KubeconfigParams;
  readonly secrets: Pick<Secrets, 'handles'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly emit: Emit;
  readonly clock: Clock;
  readonly random: Random;
}

/** An API that is silent for so long does not answer; looking is for plans, which nobody wants to wait for. */
const ASK_MS = 5_000;
const LOOK_MS = 1_500;

const ask = async (
  kubeconfig: string,
  timeoutMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Result<void, string>> => {
  try {
    const kube = await kubeOf(kubeconfig, clock);
    try {
      const ready = await kube.raw('/readyz', { signal, timeoutMs });
      return ready.ok ? ok(undefined) : err(ready.error.message);
    } finally {
      kube.close();
    }
  } catch (reason) {
    // A kubeconfig that people have edited may lead nowhere.
    return err(reason instanceof Error ? reason.message : String(reason));
  }
};

const serverOf = ({ parts }: FoundContext): string => {
  const server = parts.cluster?.['server'];
  return typeof server === 'string' ? server : '';
};

const contextFacts = async (
  found: FoundContext,
  { access, clock }: MachineSetting,
  signal: AbortSignal,
): Promise<ContextFacts> => {
  const { origin, digest, parts } = found;
  const { cluster, user } = parts;
  const server = serverOf(found);
  if (origin === 'foreign' || cluster === undefined || user === undefined)
    return { origin, digest, server, answers: false, balancer: null };
  const through = (url: string): Promise<Result<void, string>> =>
    ask(soleKubeconfig({ cluster: { ...cluster, server: url }, user }), LOOK_MS, { clock, signal });
  const better = access.ways.find(({ kind, url }) => kind === 'balancer' && url !== server);
  // Where a person has chosen another address, that choice counts as long as it answers.
  const [own, other] = await Promise.all([
    through(server),
    better === undefined || origin === 'edited' ? undefined : through(better.url),
  ]);
  const balancer = other?.ok === true && better !== undefined ? better.url : null;
  return { origin, digest, server, answers: own.ok, balancer };
};

const kubeconfigFacts = async (
  setting: MachineSetting,
  signal: AbortSignal,
): Promise<KubeconfigFacts | undefined> => {
  const path = setting.kubeconfig;
  const text = await readKubeconfigFile(path);
  if (!text.ok) return undefined;
  const seen = findContext(text.value ?? '', setting.access.context);
  if (!seen.ok) return undefined;
  const { found, current } = seen.value;
  const context = found === undefined ? null : await contextFacts(found, setting, signal);
  return { path, context, current: current ?? null };
};

/** A store that cannot be read has nothing to show: whoever writes to it is told why. */
const handlesIn = async ({ secrets }: MachineSetting): Promise<readonly string[]> => {
  const handles = await secrets.handles();
  return handles.ok ? handles.value : [];
};

/** The machine that Drover runs on. */
export const operatorMachine = (setting: MachineSetting): OperatorMachine => ({
  see: async (signal) => {
    const [kubeconfig, artifacts, secrets] = await Promise.all([
      kubeconfigFacts(setting, signal),
      keptDigests(setting.env),
      handlesIn(setting),
    ]);
    return { ...(kubeconfig === undefined ? {} : { kubeconfig }), artifacts, secrets };
  },
  effects: (signal) => ({
    kubeconfig: async () => {
      const text = await readKubeconfigFile(setting.kubeconfig);
      return text.ok ? ok({ path: setting.kubeconfig, text: text.value ?? '' }) : text;
    },
    ask: (kubeconfig) => ask(kubeconfig, ASK_MS, { clock: setting.clock, signal }),
    secretHandles: () => handlesIn(setting),
    artifactDigest: async (sha256) => {
      const path = await keptArtifact(sha256, { ...setting, signal });
      return path === undefined ? undefined : digestOf(path);
    },
    fetch: (artifact) => fetchArtifact(artifact, { ...setting, signal }),
    dropArtifact: (sha256) => dropArtifact(sha256, setting.env),
    editKubeconfig: (edit) => editKubeconfigFile(setting.kubeconfig, edit, { ...setting, signal }),
  }),
});

import { sha256 } from '../../core/canonical.js';
import type { Kube, KubeFailure, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { mustSucceed } from '../outcome.js';
import type { ApplyContext } from '../step.js';
import { remade } from './export-objects.js';
import { exportFolder } from './exports.js';
import { type NetworkPod, networkPods, PODS, podName } from './network-pods.js';

/** Keeps pods that nobody makes again while they are gone, on the host of their node, for root alone. */
export interface BareStore {
  /** Resolves when the pods are on the host’s disk. */
  readonly keep: (pods: readonly NetworkPod[]) => Promise<Result<void, StepFailure>>;
  /** All that were kept and not yet forgotten, of earlier attempts, too. */
  readonly kept: () => Promise<Result<readonly KubeObject[], StepFailure>>;
  /** All of them live again. */
  readonly forget: () => Promise<Result<void, StepFailure>>;
}

/**
 * New ones go into the folder of this run; those of a run that is taken back are looked for, too. The names hold digests of
 * what is kept: a change of a host that succeeded once is not repeated by a later attempt.
 */
export const bareStore = (context: ApplyContext): BareStore => {
  const { run, takesBack } = context;
  const host = context.subject.host ?? '';
  const folders = [run, ...(takesBack === undefined ? [] : [takesBack.run])].map(
    (run) => `${exportFolder(run)}/bare-pods`,
  );
  const pattern = folders.map((folder) => `${shellQuote(folder)}/*.json`).join(' ');
  return {
    keep: async (pods) => {
      if (pods.length === 0) return ok(undefined);
      const content = pods.map(({ object }) => `${JSON.stringify(object)}\n`).join('');
      const path = shellQuote(`${folders[0] ?? ''}/${sha256(content).slice(0, 16)}.json`);
      // Not a file of the host’s own: nothing of it is to be put back.
      const script = `umask 077\nmkdir -p "$(dirname ${path})" && data >${path}.new && sync ${path}.new && mv -f ${path}.new ${path} || exit 73`;
      const kept = mustSucceed(
        host,
        'keep pods',
        await context.on(host).change(script, { data: content, title: 'keep pods that nobody makes again' }),
      );
      return kept.ok ? ok(undefined) : kept;
    },
    kept: async () => {
      const seen = await context.on(host).read(`cat ${pattern} 2>/dev/null || true`);
      if (!seen.ok) return seen;
      const lines = seen.value.stdout.split('\n').filter(Boolean);
      return ok(lines.map((line) => JSON.parse(line) as KubeObject));
    },
    forget: async () => {
      const seen = await context.on(host).read(`ls ${pattern} 2>/dev/null || true`);
      if (!seen.ok || seen.value.stdout.trim() === '') return seen.ok ? ok(undefined) : seen;
      const files = seen.value.stdout.trim().split('\n').map(shellQuote).join(' ');
      const gone = mustSucceed(host, 'remove kept pods', await context.on(host).change(`rm -f ${files}`));
      return gone.ok ? ok(undefined) : gone;
    },
  };
};

const isEnding = ({ kind, message }: KubeFailure): boolean =>
  kind === 'forbidden' && message.includes('is being terminated');

/** Makes a kept pod again, on its own node; `unwanted` when its namespace goes. */
const makeBarePod = async (
  kube: Kube,
  object: KubeObject,
  signal: AbortSignal,
): Promise<Result<'made' | 'unwanted', StepFailure>> => {
  const { name, namespace = '' } = object.metadata;
  const made = await kube.create({ resource: PODS, namespace }, remade(object), {
    fieldManager: 'drover',
    signal,
  });
  if (made.ok || made.error.kind === 'already-exists') return ok('made');
  // Whoever deletes a namespace wants its pods no more.
  if (made.error.kind === 'not-found' || isEnding(made.error)) return ok('unwanted');
  return err(failureOfKube(made.error, `cannot make the pod ${namespace}/${name} again`));
};

/** Makes kept pods again that are gone, of an attempt that was killed, too; the names of those whose namespace goes. */
export const makeMissing = async (
  kube: Kube,
  { kept, pods }: { readonly kept: readonly KubeObject[]; readonly pods: readonly NetworkPod[] },
  signal: AbortSignal,
): Promise<Result<ReadonlySet<string>, StepFailure>> => {
  const there = new Set(pods.map(podName));
  const unwanted = new Set<string>();
  for (const pod of networkPods(kept)) {
    if (there.has(podName(pod))) continue;
    const made = await makeBarePod(kube, pod.object, signal);
    if (!made.ok) return made;
    if (made.value === 'unwanted') unwanted.add(podName(pod));
  }
  return ok(unwanted);
};

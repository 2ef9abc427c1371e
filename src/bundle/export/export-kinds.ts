import type { DroverError } from '../../core/error.js';
import type { Kube, KubeResource } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { listOf, mapOf } from '../clean/draft.js';
import { kubeError } from '../identity.js';
import type { BundleFinding } from '../model/report.js';
import { chooseKinds } from './choose-kinds.js';

export interface ChosenKinds {
  readonly kinds: readonly KubeResource[];
  readonly findings: readonly BundleFinding[];
}

interface KindsInput {
  readonly kube: Kube;
  readonly target: { readonly kinds: readonly KubeResource[] } | undefined;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly signal: AbortSignal;
}

/** Groups that are registered but gave no kinds: their own server does not answer. */
const silentGroups = async (
  { kube, signal }: KindsInput,
  served: readonly KubeResource[],
): Promise<readonly BundleFinding[]> => {
  const answer = await kube.raw('/apis', { signal });
  if (!answer.ok) return [];
  const groups = listOf(mapOf(JSON.parse(answer.value))['groups']).map((group) =>
    String(mapOf(group)['name']),
  );
  return groups
    .filter((name) => !served.some(({ group }) => group === name))
    .map((name) => ({
      code: 'bundle-group-silent',
      severity: 'warning',
      message: `the group ${name} is registered but does not answer; its objects are not in the bundle`,
    }));
};

/** Asks the source what it serves and decides what is carried. */
export const exportKinds = async (
  input: KindsInput,
): Promise<Result<ChosenKinds, readonly DroverError[]>> => {
  const served = await input.kube.discover({ signal: input.signal });
  if (!served.ok)
    return err([
      {
        ...kubeError('export-api', 'the kinds of the source cannot be read', served.error),
        state: 'nothing was written',
      },
    ]);
  const chosen = chooseKinds(served.value, input.target?.kinds, input);
  if (!chosen.ok) return chosen;
  const silent = await silentGroups(input, served.value);
  return ok({ kinds: chosen.value.kinds, findings: [...chosen.value.findings, ...silent] });
};

import type { Kube, KubeFailure, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { valueAt } from '../../spec/path.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import type { ApplyContext } from '../step.js';

export const NODES = { group: '', version: 'v1', plural: 'nodes' } as const;
const MANAGER = 'drover';

/** Tells the cluster that a node is certainly off: its pods are let go at once, and their volumes, too. */
export const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
const VALUE = 'drover-drill';

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

const isOurs = ({ key, value }: Taint): boolean => key === OUT_OF_SERVICE && value === VALUE;

const taintsOf = (node: KubeObject): readonly Taint[] =>
  (valueAt(node, ['spec', 'taints']) ?? []) as readonly Taint[];

export const conditionOf = (node: KubeObject, type: string): string => {
  const all = (valueAt(node, ['status', 'conditions']) ?? []) as readonly {
    readonly type: string;
    readonly status: string;
  }[];
  return all.find((one) => one.type === type)?.status ?? 'absent';
};

const cannotLook = (node: string, failure: KubeFailure): StepFailure =>
  failureOfKube(failure, `cannot look at ${node}`);

export const lookAtNode = async (
  kube: Pick<Kube, 'get'>,
  node: string,
  signal: AbortSignal,
): Promise<Result<KubeObject, StepFailure>> => {
  const found = await kube.get({ resource: NODES, name: node }, { signal });
  return found.ok ? found : err(cannotLook(node, found.error));
};

/** A node's status is written all the time: somebody else may be quicker a few times. */
const TRIES = 5;

const tryTaint = async (
  { kube: open, signal }: Pick<ApplyContext, 'kube' | 'signal'>,
  node: string,
  wanted: boolean,
): Promise<Result<'done' | 'again', StepFailure>> => {
  const kube = await open();
  if (!kube.ok) return kube;
  const found = await lookAtNode(kube.value, node, signal);
  if (!found.ok) return found;
  const before = taintsOf(found.value);
  if (before.some(isOurs) === wanted) return ok('done');
  const own: readonly Taint[] = wanted ? [{ key: OUT_OF_SERVICE, value: VALUE, effect: 'NoExecute' }] : [];
  const taints = [...before.filter((taint) => !isOurs(taint)), ...own];
  // The version makes the API refuse when somebody changed the list meanwhile: it is replaced whole.
  const { resourceVersion } = found.value.metadata;
  const done = await kube.value.patch(
    { resource: NODES, name: node },
    { metadata: { resourceVersion }, spec: { taints } },
    { type: 'merge', fieldManager: MANAGER, signal },
  );
  if (done.ok) return ok('done');
  return done.error.kind === 'conflict'
    ? ok('again')
    : err(failureOfKube(done.error, `cannot taint ${node}`));
};

/** Sets or removes the drill's own taint; what others have set stays. */
export const setOutOfService = async (
  context: Pick<ApplyContext, 'kube' | 'signal'>,
  node: string,
  wanted: boolean,
): Promise<Result<void, StepFailure>> => {
  for (let left = TRIES; left > 0; left -= 1) {
    const tried = await tryTaint(context, node, wanted);
    if (!tried.ok) return tried;
    if (tried.value === 'done') return ok(undefined);
  }
  return err({
    class: 'transient',
    code: 'kube-conflict',
    message: `others keep changing ${node}`,
  });
};

import type { Kube, KubeRef } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import { sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { type ApplyContext, defineStep } from '../step.js';
import { CLASS, DEFAULT_CLASS, deployment, FOLDERS, stillComing, stillMissing } from './addons-missing.js';
import {
  ABSENT,
  ADDON_IDS,
  type AddonsParams,
  type AddonsState,
  addonChanges,
  addonsState,
  PACKAGED,
} from './addons-state.js';

const MANAGER = 'drover';

/** K3s looks at its manifests every 15 s, images may have to be pulled, and metrics come with the second look. */
const LIMIT_MS = 240_000;
const EVERY_MS = 500;

const notReady = (missing: readonly string[]): StepFailure => ({
  class: 'permanent',
  code: 'k3s-addons-not-ready',
  message: 'add-ons of K3s are not as the spec wants them',
  cause: sentence(missing, 9),
});

/** Waits until nothing of `what` is missing any more. */
const until = async (
  context: ApplyContext,
  what: (kube: Kube) => Promise<readonly string[]>,
): Promise<Result<void, StepFailure>> => {
  const end = context.clock.monotonic() + LIMIT_MS;
  let told = '';
  for (;;) {
    const kube = await context.kube();
    const missing = kube.ok ? await what(kube.value) : [kube.error.message];
    if (missing.length === 0) return ok(undefined);
    if (context.signal.aborted || context.clock.monotonic() >= end) return err(notReady(missing));
    const text = sentence(missing, 3);
    if (text !== told) context.progress(`waiting: ${text}`);
    told = text;
    await context.clock.delay(EVERY_MS, context.signal).catch(() => undefined);
  }
};

const patch = async (
  context: ApplyContext,
  ref: KubeRef,
  body: unknown,
): Promise<Result<void, StepFailure>> => {
  const kube = await context.kube();
  if (!kube.ok) return kube;
  const options = { type: 'merge', fieldManager: MANAGER, signal: context.signal } as const;
  const done = await kube.value.patch(ref, body, options);
  return done.ok ? ok(undefined) : err(failureOfKube(done.error, `cannot configure ${ref.name}`));
};

const folderConfig = (folder: string): unknown => ({
  data: {
    'config.json': JSON.stringify({
      nodePathMap: [{ node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths: [folder] }],
    }),
  },
});

interface Wish {
  readonly replicas: number | null;
  readonly defaultClass: boolean | null;
  readonly folder: string | null;
}

/** Puts what is not null into the objects that K3s has made; what is there already is left alone. */
const configure = async (context: ApplyContext, wish: Wish): Promise<Result<void, StepFailure>> => {
  const steps: (readonly [KubeRef, unknown])[] = [];
  if (wish.replicas !== null) steps.push([deployment('coredns'), { spec: { replicas: wish.replicas } }]);
  if (wish.defaultClass !== null)
    steps.push([CLASS, { metadata: { annotations: { [DEFAULT_CLASS]: `${wish.defaultClass}` } } }]);
  if (wish.folder !== null) steps.push([FOLDERS, folderConfig(wish.folder)]);
  for (const [ref, body] of steps) {
    const done = await patch(context, ref, body);
    if (!done.ok) return done;
  }
  return ok(undefined);
};

/**
 * The add-ons that K3s brings along: there and at work when the spec wants them, really gone when it does not, with the
 * spec's replicas of DNS, and local volumes as default class and in the spec's folder. K3s itself deploys and removes
 * them; what the spec configures is put into their objects, where K3s leaves it until it brings other manifests.
 */
export const k3sAddons = defineStep<AddonsParams, AddonsState>({
  id: 'k3s.addons',
  title: () => 'Have the add-ons of K3s as the spec wants them',
  scope: 'cluster',
  reads: ['cluster'],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 15 },
  timeoutMs: 600_000,
  retry: 'transient',
  disruptive: false,
  observe: ({ cluster }) => (cluster === undefined ? undefined : addonsState(cluster)),
  diff: (state, params) => addonChanges(state ?? ABSENT, params),
  apply: async (context, params) => {
    const there = await until(context, stillComing(params, context.signal));
    if (!there.ok) return there;
    const configured = await configure(context, {
      replicas: params.enabled.coredns ? params.replicas : null,
      defaultClass: params.enabled.localPath ? params.defaultClass : null,
      folder: params.enabled.localPath ? params.folder : null,
    });
    if (!configured.ok) return configured;
    const done = await until(context, stillMissing(params, context.signal));
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const missing = await stillMissing(params, context.signal)(kube.value);
    if (missing.length > 0) return err(notReady(missing));
    const on = ADDON_IDS.filter((id) => params.enabled[id]).map((id) => PACKAGED[id]);
    const off = ADDON_IDS.filter((id) => !params.enabled[id]).map((id) => PACKAGED[id]);
    const parts = [
      ...(on.length > 0 ? [`at work: ${on.join(', ')}`] : []),
      ...(off.length > 0 ? [`absent: ${off.join(', ')}`] : []),
    ];
    return ok({ text: parts.join('; ') });
  },
  // What K3s deployed or removed goes back with its configuration, by the steps that changed that.
  revert: (context, params, before) =>
    configure(context, {
      replicas: params.replicas === null ? null : (before?.replicas.coredns ?? null),
      defaultClass: before?.defaultClass ?? null,
      folder: params.folder === null ? null : (before?.folder ?? null),
    }),
});

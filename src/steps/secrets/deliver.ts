import type { Kube, KubeObject } from '../../core/ports/kube.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { failureOfKube } from '../kube-failure.js';
import { quick } from '../quick.js';
import { type ApplyContext, defineStep } from '../step.js';
import { deliveryKey, type SecretDelivery, type SecretVerdict, secretHandle } from './delivery.js';
import {
  DELIVERER,
  isDelivered,
  type SecretValues,
  secretObject,
  secretRef,
  valuesOf,
} from './live-secret.js';

type State = { readonly verdict: SecretVerdict };

const foreign = (params: SecretDelivery): StepFailure => ({
  class: 'person',
  code: 'secret-foreign',
  message: `Secret ${deliveryKey(params)} is there, and Drover did not make it`,
  hint: `remove it if its values are those of the spec's secret ${params.name}, or give one of the two another name`,
});

const readValues = async (
  context: ApplyContext,
  { name, keys }: SecretDelivery,
): Promise<Result<SecretValues, StepFailure>> => {
  const values: Record<string, Uint8Array> = {};
  for (const key of keys) {
    const value = await context.secret(secretHandle(name, key));
    if (!value.ok) return value;
    values[key] = value.value;
  }
  return ok(values);
};

/** The former values are sealed before they are replaced; the journal gets what stands for them. */
const formerHandle = (context: ApplyContext, params: SecretDelivery): string =>
  `former-secret-${context.takesBack?.run ?? context.run}-${deliveryKey(params)}`;

const keepFormer = async (
  context: ApplyContext,
  params: SecretDelivery,
  live: KubeObject,
): Promise<Result<unknown, StepFailure>> => {
  const values = Object.entries(valuesOf(live)).map(([key, value]) => [
    key,
    Buffer.from(value).toString('base64'),
  ]);
  const sealed = JSON.stringify({ type: live['type'], values: Object.fromEntries(values) as unknown });
  return context.keepSecret(formerHandle(context, params), Buffer.from(sealed));
};

const find = async (
  kube: Pick<Kube, 'get'>,
  params: SecretDelivery,
  signal: AbortSignal,
): Promise<Result<KubeObject | undefined, StepFailure>> => {
  const live = await kube.get(secretRef(params), { signal });
  if (live.ok) return live;
  if (live.error.kind === 'not-found') return ok(undefined);
  return err(failureOfKube(live.error, `cannot look at Secret ${deliveryKey(params)}`));
};

const write = async (
  context: ApplyContext,
  kube: Kube,
  params: SecretDelivery,
  values: SecretValues,
): Promise<Result<void, StepFailure>> => {
  const options = {
    fieldManager: DELIVERER,
    force: true,
    fieldValidation: 'Strict',
    signal: context.signal,
  } as const;
  const done = await kube.apply(secretRef(params), secretObject(params, values), options);
  if (done.ok) return ok(undefined);
  // What the API says about an object may quote it.
  const { kind } = done.error;
  const quoted = kind === 'invalid' || kind === 'server';
  const said = quoted ? { kind, message: 'the API refuses it', causes: [] } : done.error;
  return err(failureOfKube(said, `cannot write Secret ${deliveryKey(params)}`));
};

const putBack = async (context: ApplyContext, kube: Kube, params: SecretDelivery) => {
  const sealed = await context.secret(formerHandle(context, params));
  if (!sealed.ok) return sealed;
  const { type, values } = JSON.parse(Buffer.from(sealed.value).toString()) as {
    readonly type: string;
    readonly values: Readonly<Record<string, string>>;
  };
  const bytes = Object.entries(values).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const);
  return write(context, kube, { ...params, type }, Object.fromEntries(bytes));
};

const changes = (
  { name, keys, ...at }: SecretDelivery,
  verdict: SecretVerdict | undefined,
): readonly Change[] => {
  const what = `Secret ${deliveryKey({ name, ...at })}`;
  switch (verdict) {
    case 'same':
      return [];
    case 'absent':
      return keys.map((key) => ({ kind: 'add', what: `${what}: ${key}`, sensitive: true }));
    case 'other':
      return [
        { kind: 'change', what, sensitive: true },
        { kind: 'warn', what: 'pods that run take the new values when they start again' },
      ];
    case 'missing':
      return [{ kind: 'warn', what: `${what}: the store lacks a value` }];
    case 'foreign':
      return [{ kind: 'warn', what: `${what}: Drover did not make it` }];
    case undefined:
      return [{ kind: 'unknown', what }];
  }
};

/** A secret of the store as a Secret in a namespace, so that pods can be given its values. */
export const secretsDeliver = defineStep<SecretDelivery, State>({
  id: 'secrets.deliver',
  title: ({ namespace, name }) => `Deliver the secret ${name} to namespace ${namespace}`,
  scope: 'cluster',
  reads: ['secrets'],
  risk: 'low',
  ...quick,
  observe: ({ secrets }, _subject, params) => {
    const verdict = secrets?.get(deliveryKey(params));
    return verdict === undefined ? undefined : { verdict };
  },
  diff: (state, params) => changes(params, state?.verdict),
  apply: async (context, params) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const [values, live] = [
      await readValues(context, params),
      await find(kube.value, params, context.signal),
    ];
    if (!values.ok) return values;
    if (!live.ok) return live;
    if (live.value !== undefined) {
      if (!isDelivered(live.value)) return err(foreign(params));
      const kept = await keepFormer(context, params, live.value);
      if (!kept.ok) return kept;
    }
    const done = await write(context, kube.value, params, values.value);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const live = await find(kube.value, params, context.signal);
    if (!live.ok) return live;
    const what = `Secret ${deliveryKey(params)}`;
    const held =
      live.value === undefined || !isDelivered(live.value) ? [] : Object.keys(valuesOf(live.value));
    const lacks = params.keys.filter((key) => !held.includes(key));
    if (lacks.length === 0 && live.value?.['type'] === params.type)
      return ok({ text: `${what} holds ${params.keys.join(', ')}` });
    return err({
      class: 'permanent',
      code: 'secret-not-delivered',
      message: `${what} lacks ${lacks.join(', ') || params.type}`,
    });
  },
  revert: async (context, params, before) => {
    const kube = await context.kube();
    if (!kube.ok) return kube;
    const live = await find(kube.value, params, context.signal);
    if (!live.ok) return live;
    if (before?.verdict === 'other') return putBack(context, kube.value, params);
    if (live.value === undefined || before?.verdict !== 'absent') return ok(undefined);
    if (!isDelivered(live.value)) return err(foreign(params));
    const { uid } = live.value.metadata;
    const gone = await kube.value.delete(secretRef(params), {
      signal: context.signal,
      ...(uid === undefined ? {} : { uid }),
    });
    return gone.ok || gone.error.kind === 'not-found'
      ? ok(undefined)
      : err(failureOfKube(gone.error, `cannot remove Secret ${deliveryKey(params)}`));
  },
});

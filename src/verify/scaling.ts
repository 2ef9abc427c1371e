import type { Clock } from '../core/ports/clock.js';
import type { Kube } from '../core/ports/kube.js';
import { printable } from '../core/text.js';
import type { CheckResult } from './check.js';
import { condition } from './objects.js';
import { type Look, lookAgain } from './patience.js';
import { AUTOSCALERS } from './resources.js';

/** An application that scales by what its pods use. */
export interface ScaledApp {
  readonly namespace: string;
  readonly name: string;
}

export interface ScalingInput {
  readonly kube: Pick<Kube, 'get'>;
  readonly applications: readonly ScaledApp[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Autoscalers look every 15 s, and a new pod has figures after metrics-server has asked its node twice. */
const WAIT_MS = 60_000;

const look = async ({ kube, signal }: ScalingInput, { namespace, name }: ScaledApp): Promise<Look> => {
  const found = await kube.get({ resource: AUTOSCALERS, namespace, name }, { signal });
  if (!found.ok) return { good: false, detail: found.error.message };
  const { status, detail } = condition(found.value, 'ScalingActive');
  return status === 'True'
    ? { good: true, detail: 'the autoscaler has its figures' }
    : { good: false, detail: printable(detail) };
};

/** Autoscalers have the figures that they scale by: without metrics they do nothing, and say so only to whom asks. */
export const checkScaling = (input: ScalingInput): Promise<CheckResult[]> =>
  Promise.all(
    input.applications.map((application) =>
      lookAgain(
        {
          check: 'application-scaling',
          title: 'Applications that scale have the figures that they scale by',
          node: `${application.namespace}/${application.name}`,
        },
        () => look(input, application),
        { clock: input.clock, limitMs: WAIT_MS, signal: input.signal },
      ),
    ),
  );

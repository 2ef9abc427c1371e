import type { KubeObject } from '../../../core/ports/kube.js';
import { type Loose, listOf, mapOf } from '../../clean/draft.js';
import type { CarriedObject } from '../../model/carried-object.js';
import { groupOf } from '../../model/object-id.js';
import type { BundleFinding } from '../../model/report.js';
import type { CheckInput, TargetCheck } from '../model.js';
import { definedKinds, refAmong } from '../refs.js';

const CONFIGURATIONS = [
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
] as const;

/** Services that have at least one ready endpoint: `namespace/name`. */
const answering = ({ target }: CheckInput): ReadonlySet<string> | undefined => {
  const slices = target.lists.get('EndpointSlice.discovery.k8s.io');
  if (slices === undefined) return undefined;
  return new Set(
    slices
      .filter((slice) =>
        listOf(slice['endpoints']).some((each) => mapOf(mapOf(each)['conditions'])['ready'] !== false),
      )
      .map(
        ({ metadata }) =>
          `${metadata.namespace ?? ''}/${metadata.labels?.['kubernetes.io/service-name'] ?? ''}`,
      ),
  );
};

const matches = (list: unknown, value: string): boolean =>
  listOf(list).some((each) => each === '*' || each === value || String(each).startsWith(`${value}/`));

/** Does a webhook look at objects like this one when they are made? Selectors are taken as matching. */
const concerns = (webhook: Loose, { object }: CarriedObject, plural: string): boolean => {
  const group = groupOf(object.apiVersion);
  const version = object.apiVersion.split('/').at(-1) ?? '';
  return listOf(webhook['rules'])
    .map(mapOf)
    .some(
      (rule) =>
        matches(rule['apiGroups'], group) &&
        matches(rule['apiVersions'], version) &&
        (matches(rule['resources'], plural) || listOf(rule['resources']).includes('*/*')) &&
        listOf(rule['operations']).some((each) => ['*', 'CREATE'].includes(String(each))),
    );
};

const deadWebhooks = (
  configuration: KubeObject,
  input: CheckInput,
  ready: ReadonlySet<string>,
): readonly BundleFinding[] => {
  const kinds = [...input.target.kinds, ...definedKinds(input.carried.objects)];
  return listOf(configuration['webhooks'])
    .map(mapOf)
    .flatMap((webhook): BundleFinding[] => {
      const { namespace, name } = mapOf(mapOf(webhook['clientConfig'])['service']);
      const service = `${String(namespace)}/${String(name)}`;
      if (name === undefined || webhook['failurePolicy'] === 'Ignore' || ready.has(service)) return [];
      const first = input.carried.objects.find((carried) => {
        const ref = refAmong(kinds, carried.object);
        return ref !== undefined && concerns(webhook, carried, ref.resource.plural);
      });
      if (first === undefined) return [];
      return [
        {
          code: 'target-webhook-dead',
          severity: 'error',
          object: first.key,
          message: `the webhook ${String(webhook['name'])} of ${configuration.metadata.name} must agree to it, but ${service} has no ready endpoint on the target`,
          hint: 'mend its back end, or delete the configuration when it is a remainder',
        },
      ];
    });
};

/** Webhooks of the target that carried objects have to pass can be called. */
export const webhooksAlive: TargetCheck = (input) => {
  const ready = answering(input);
  if (ready === undefined) return [];
  return CONFIGURATIONS.flatMap((name) => input.target.lists.get(name) ?? []).flatMap((configuration) =>
    deadWebhooks(configuration, input, ready),
  );
};

/** Carried webhooks find the Services behind them on the target. */
export const webhooksServed: TargetCheck = ({ carried, target }) => {
  const keys = new Set(carried.objects.map(({ key }) => key));
  return carried.objects
    .filter(({ object }) => /^(Validating|Mutating)WebhookConfiguration$/.test(object.kind))
    .flatMap(({ key, object }) =>
      listOf(object['webhooks'])
        .map(mapOf)
        .flatMap((webhook): BundleFinding[] => {
          const { namespace, name } = mapOf(mapOf(webhook['clientConfig'])['service']);
          const service = `${String(namespace)}/Service/${String(name)}`;
          if (name === undefined || keys.has(service) || target.live.has(service)) return [];
          return [
            {
              code: 'target-webhook-backend',
              severity: webhook['failurePolicy'] === 'Ignore' ? 'warning' : 'error',
              object: key,
              message: `the webhook ${String(webhook['name'])} calls ${service}, which is neither carried nor on the target: it would refuse everything that it looks at`,
              hint: 'carry its back end, or leave the configuration out with --exclude',
            },
          ];
        }),
    );
};

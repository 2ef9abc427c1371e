import type { SourceLocation } from '../../core/error.js';
import { formatPath } from '../../spec/path.js';
import type { ClusterSpec } from '../../spec/schema/cluster.js';
import type { PolicyRuleCode } from '../../spec/schema/policy.js';
import { objectName, type PolicyObject } from './object.js';
import type { PolicyRule } from './rule.js';
import { policyRules } from './rules/index.js';

type Policy = ClusterSpec['policy'];
type Exception = Policy['exceptions'][number];

/** A rule that an object breaks. */
export interface Breach {
  readonly rule: PolicyRuleCode;
  readonly title: string;
  /** `enforce` makes errors, `warn` warnings. */
  readonly severity: 'error' | 'warning';
  /** `shop/Deployment/web` */
  readonly object: string;
  /** `spec.template.spec.hostNetwork` */
  readonly path: string;
  readonly text: string;
  readonly fix: string;
  readonly location?: SourceLocation;
  /** An exception of the spec that accepts it. */
  readonly accepted?: { readonly reason: string; readonly until: string };
}

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** Objects that something else made from another object would be told twice. */
const isMade = ({ object }: PolicyObject): boolean => {
  const { ownerReferences } = object.metadata as { ownerReferences?: readonly { controller?: boolean }[] };
  return ownerReferences?.some(({ controller }) => controller === true) ?? false;
};

const ofPlatform = ({ object }: PolicyObject, policy: Policy): boolean => {
  const { namespace, name, labels } = object.metadata;
  if (namespace !== undefined)
    return policy.platformNamespaces.some((pattern) => matches(pattern, namespace));
  // Bindings of the API server itself bind groups on purpose.
  return name.startsWith('system:') || labels?.['kubernetes.io/bootstrapping'] !== undefined;
};

const exceptionFor = (
  rule: PolicyRuleCode,
  object: string,
  { exceptions }: Policy,
  today: string,
): Exception | undefined =>
  exceptions.find(
    (exception) =>
      exception.rule === rule &&
      exception.until >= today &&
      (exception.resources.length === 0 ||
        exception.resources.some((resource) => matches(resource.toLowerCase(), object.toLowerCase()))),
  );

const breaches = (rule: PolicyRule, subject: PolicyObject, policy: Policy, today: string): Breach[] => {
  const object = objectName(subject.object);
  const exception = exceptionFor(rule.code, object, policy, today);
  return rule.check(subject.object).map(({ path, text, word }) => ({
    rule: rule.code,
    title: rule.title,
    severity: policy.rules[rule.code] === 'enforce' ? 'error' : 'warning',
    object,
    path: formatPath(path),
    text,
    fix: rule.fix,
    ...(subject.locate === undefined ? {} : { location: subject.locate(path, word) }),
    ...(exception === undefined ? {} : { accepted: { reason: exception.reason, until: exception.until } }),
  }));
};

/** Judges objects by the rules that are not off. `today` is an ISO date: exceptions end. */
export const checkPolicy = (
  objects: readonly PolicyObject[],
  policy: Policy,
  today: string,
): readonly Breach[] => {
  const active = policyRules.filter(({ code }) => policy.rules[code] !== 'off');
  const judged = objects.filter((object) => !isMade(object) && !ofPlatform(object, policy));
  return active.flatMap((rule) => judged.flatMap((object) => breaches(rule, object, policy, today)));
};

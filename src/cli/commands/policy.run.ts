import { resolve } from 'node:path';
import { kubeAccess } from '../../app/cluster/kube-access.js';
import { serverTargets } from '../../app/doctor/subject.js';
import { readManifestFiles } from '../../app/policy/read-files.js';
import { readLive } from '../../app/policy/read-live.js';
import { toolVersion } from '../../app/version.js';
import type { DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { type Breach, checkPolicy } from '../../diagnosis/policy/check-policy.js';
import type { PolicyObject } from '../../diagnosis/policy/object.js';
import { policyRules } from '../../diagnosis/policy/rules/index.js';
import { policyJunit } from '../../report/policy-junit.js';
import { policyText } from '../../report/policy-text.js';
import { sarifDocument } from '../../report/sarif.js';
import type { ClusterSpec } from '../../spec/schema/cluster.js';
import { policySchema } from '../../spec/schema/policy.js';
import { systemClock } from '../../system/clock.js';
import { systemFiles } from '../../system/files.js';
import { clusterSetup } from '../cluster-setup.js';
import type { CommandContext, Handler, ParsedArguments } from '../command.js';
import { textFlag } from '../lab-context.js';
import { loadSpec } from '../load-spec.js';

type Policy = ClusterSpec['policy'];

interface Judged {
  readonly objects: readonly PolicyObject[];
  readonly policy: Policy;
}

/** The rules of the spec, or their defaults where there is none. */
const policyOf = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<Policy, DroverErrors>> => {
  const named = textFlag(args.flags, 'file') !== undefined;
  if (!named && !(await systemFiles.exists(resolve(context.cwd, 'drover.yaml'))))
    return ok(policySchema.parse({}));
  const cluster = await loadSpec(args, context);
  return cluster.ok ? ok(cluster.value.spec.policy) : cluster;
};

const ofFiles = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<Judged, DroverErrors>> => {
  const policy = await policyOf(args, context);
  if (!policy.ok) return policy;
  const { objects, errors } = await readManifestFiles(context.cwd, args.positionals);
  const [first, ...rest] = errors;
  return first === undefined ? ok({ objects, policy: policy.value }) : err([first, ...rest]);
};

const ofCluster = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<Judged, DroverErrors>> => {
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return setup;
  const { cluster, subject, tools } = setup.value;
  const servers = serverTargets(subject.hosts);
  const access = kubeAccess(servers, tools);
  try {
    const kube = await access.open(context.signal);
    if (!kube.ok) return err([{ ...kube.error, code: 'kube-unreachable' }]);
    const objects = await readLive(kube.value, context.signal);
    if (!objects.ok) return err([{ code: `kube-${objects.error.kind}`, message: objects.error.message }]);
    return ok({ objects: objects.value, policy: cluster.spec.policy });
  } finally {
    access.close();
    await tools.instruments.dispose();
  }
};

const enforced = (policy: Policy): Policy => ({
  ...policy,
  rules: Object.fromEntries(
    Object.entries(policy.rules).map(([code, mode]) => [code, mode === 'warn' ? 'enforce' : mode]),
  ) as Policy['rules'],
});

const documentOf = (
  format: string | undefined,
  { objects, policy }: Judged,
  breaches: readonly Breach[],
  style: CommandContext['style'],
): string => {
  const rules = policyRules.filter(({ code }) => policy.rules[code] !== 'off');
  if (format === 'sarif') return sarifDocument(toolVersion(), rules, breaches);
  if (format === 'junit') return policyJunit(rules, breaches);
  if (format === 'json') return `${JSON.stringify({ objects: objects.length, breaches }, null, 2)}\n`;
  return policyText({ ...style, unicode: true }, objects.length, breaches);
};

export const run: Handler = async (args, context) => {
  const { positionals, flags } = args;
  if (positionals.length === 0 && flags['live'] !== true)
    return {
      errors: [
        {
          code: 'policy-nothing-given',
          message: 'nothing was given to judge',
          state: 'nothing was done',
          hint: 'drover policy FILE…, drover policy -, or drover policy --live',
        },
      ],
    };
  const read = flags['live'] === true ? await ofCluster(args, context) : await ofFiles(args, context);
  if (!read.ok) return { errors: read.error };
  const policy = flags['enforce'] === true ? enforced(read.value.policy) : read.value.policy;
  const today = new Date(systemClock.now()).toISOString().slice(0, 10);
  const breaches = checkPolicy(read.value.objects, policy, today);
  context.print(documentOf(textFlag(flags, 'output'), { ...read.value, policy }, breaches, context.style));
  const failed = breaches.some(({ severity, accepted }) => severity === 'error' && accepted === undefined);
  return { exit: failed ? 'preflight' : 'ok' };
};

import type { DroverErrors } from '../../core/error.js';
import { err, type Result } from '../../core/result.js';
import { count } from '../../core/text.js';
import { buildError } from '../../lab/build/errors.js';
import type { K3sSource } from '../../lab/build/k3s-binary.js';
import type { LabChoice } from '../../lab/plan.js';
import { planLab } from '../../lab/plan.js';
import { MIN_VM_MIB } from '../../lab/resources.js';
import type { LabState } from '../../lab/state/schema.js';
import { labUp } from '../../lab/up.js';
import type { Handler, ParsedArguments } from '../command.js';
import { k3sSource } from '../k3s-source.js';
import { labContext, textFlag } from '../lab-context.js';
import { loadSpec } from '../load-spec.js';

const choiceOf = ({ flags, positionals }: ParsedArguments): LabChoice => {
  const name = textFlag(flags, 'name') ?? textFlag(flags, 'lab');
  const memory = textFlag(flags, 'vm-memory');
  return {
    ...(name === undefined ? {} : { name }),
    routed: flags.routed === true,
    cluster: flags.cluster === true,
    hosts: positionals,
    ...(flags.vm === true ? { vm: memory === undefined ? {} : { memoryMiB: Number(memory) } } : {}),
    with: Array.isArray(flags.with) ? (flags.with as readonly string[]) : [],
  };
};

const timeoutMs = ({ flags }: ParsedArguments): number | undefined => {
  const seconds = Number(textFlag(flags, 'timeout'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
};

/** What a person reads when the lab is up. Pure. */
export const upText = ({ plan: { name, hosts }, cluster }: LabState, file?: string): string => {
  const spec = file === undefined ? '' : ` -f ${file}`;
  const real = cluster?.kind === 'real' ? cluster.version : undefined;
  return [
    `The lab ${name} is up: ${count(hosts.length, 'host')}.`,
    ...(real === undefined ? [] : [`  cluster:     real K3s ${real}, not rehearsed by this version`]),
    `  measure it:  drover doctor --lab ${name}${spec}`,
    ...(cluster === undefined ? [] : [`  kubeconfig:  drover lab kubeconfig --lab ${name}`]),
    `  log in:      drover lab ssh --lab ${name} ${hosts[0]?.name ?? 'HOST'}`,
    `  remove it:   drover lab down ${name}`,
    '',
  ].join('\n');
};

/** A real K3s for the cluster; meaningless for bare hosts. */
const k3sOf = ({ flags }: ParsedArguments): Result<K3sSource | undefined, DroverErrors> => {
  const source = k3sSource(flags);
  if (!source.ok || source.value === undefined || flags.cluster === true) return source;
  return err([buildError('lab-build-usage', 'A K3s program is of use with --cluster only')]);
};

export const run: Handler = async (args, context) => {
  const limit = timeoutMs(args);
  if (limit === undefined) {
    const message = `--timeout takes a number of seconds, not '${textFlag(args.flags, 'timeout') ?? ''}'`;
    return { exit: 'usage', errors: [{ code: 'bad-usage', message, state: 'nothing was done' }] };
  }
  const memory = Number(textFlag(args.flags, 'vm-memory') ?? MIN_VM_MIB);
  if (!Number.isInteger(memory) || memory < MIN_VM_MIB) {
    const message = `--vm-memory takes a whole number of MiB from ${MIN_VM_MIB} on`;
    return { exit: 'usage', errors: [{ code: 'bad-usage', message, state: 'nothing was done' }] };
  }
  const k3s = k3sOf(args);
  if (!k3s.ok) return { errors: k3s.error };
  const cluster = await loadSpec(args, context);
  if (!cluster.ok) return { errors: cluster.error };
  const plan = planLab(cluster.value, choiceOf(args));
  if (!plan.ok) return { errors: plan.error };
  const mirror = textFlag(args.flags, 'mirror');
  const up = await labUp(labContext(context), plan.value, {
    timeoutMs: limit,
    ...(mirror === undefined ? {} : { mirror }),
    ...(k3s.value === undefined ? {} : { k3s: k3s.value }),
  });
  if (!up.ok) return { errors: up.error };
  context.print(upText(up.value, textFlag(args.flags, 'file')));
  return { exit: 'ok' };
};

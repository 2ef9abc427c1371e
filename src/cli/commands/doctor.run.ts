import { resolve } from 'node:path';
import { type DoctorRequest, runDoctor } from '../../app/doctor/doctor.js';
import { type Subject, subjectOfAddresses, subjectOfCluster } from '../../app/doctor/subject.js';
import type { DoctorTools } from '../../app/doctor/tools.js';
import { absentHosts } from '../../app/lab/absent-hosts.js';
import { doctorTools } from '../../app/wiring.js';
import { parseDuration } from '../../core/duration.js';
import type { DroverErrors } from '../../core/error.js';
import type { ExitReason } from '../../core/exit-codes.js';
import { err, ok, type Result } from '../../core/result.js';
import type { DoctorReport } from '../../diagnosis/report.js';
import { servicePlaces } from '../../facts/services/places.js';
import type { Cluster } from '../../spec/cluster.js';
import { systemFiles } from '../../system/files.js';
import type { CommandContext, Handler, ParsedArguments } from '../command.js';
import { accessOf } from '../kube-flags.js';
import { listFlag, textFlag } from '../lab-context.js';
import { loadSpec } from '../load-spec.js';

/** Hosts come from one place: addresses, or a spec. */
const subjectOf = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<Subject, DroverErrors>> => {
  const named = textFlag(args.flags, 'file');
  if (args.positionals.length > 0) {
    if (named === undefined) return subjectOfAddresses(args.positionals);
    return err([
      {
        code: 'doctor-addresses-and-spec',
        message: 'addresses and --file both say which hosts are meant',
        state: 'nothing was done',
        hint: 'leave one of them out; --host NAME picks hosts of a spec',
      },
    ]);
  }
  if (named === undefined && !(await systemFiles.exists(resolve(context.cwd, 'drover.yaml')))) {
    return err([
      {
        code: 'doctor-no-hosts',
        message: 'no hosts were named, and there is no drover.yaml here',
        state: 'nothing was done',
        hint: 'drover doctor root@ADDRESS root@ADDRESS, or -f FILE',
      },
    ]);
  }
  const cluster = await loadSpec(args, context);
  return cluster.ok
    ? subjectOfCluster(cluster.value, context.realm, { only: listFlag(args.flags, 'host') })
    : cluster;
};

const optionalCluster = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<Cluster | undefined, DroverErrors>> =>
  textFlag(args.flags, 'file') === undefined ? ok(undefined) : loadSpec(args, context);

/** Asks a running cluster; the client of its API is loaded only then. */
const clusterRequest = (
  args: ParsedArguments,
  context: CommandContext,
  tools: DoctorTools,
): Pick<Extract<DoctorRequest, { kind: 'cluster' }>, 'kind' | 'see' | 'name' | 'save'> | undefined => {
  const choice = accessOf(args, context);
  if (Object.keys(choice).length === 0) return undefined;
  const see = async () => (await import('../../app/doctor/see-context.js')).seeContext(choice, tools);
  return { kind: 'cluster', see, name: choice.context ?? 'cluster', save: textFlag(args.flags, 'save') };
};

const requestOf = async (
  args: ParsedArguments,
  context: CommandContext,
  tools: DoctorTools,
): Promise<Result<DoctorRequest, DroverErrors>> => {
  const { flags } = args;
  const selection = { ignore: listFlag(flags, 'ignore'), only: listFlag(flags, 'only') };
  const running = clusterRequest(args, context, tools);
  if (running !== undefined) return ok({ ...selection, ...running });
  const facts = textFlag(flags, 'facts');
  if (facts !== undefined) {
    const cluster = await optionalCluster(args, context);
    if (!cluster.ok) return cluster;
    return ok({
      ...selection,
      kind: 'facts',
      file: facts,
      cluster: cluster.value,
      hosts: listFlag(flags, 'host'),
    });
  }
  const timeoutMs = parseDuration(textFlag(flags, 'timeout') ?? '');
  if (timeoutMs === undefined) {
    const message = `--timeout takes a time such as 90s or 5m, not '${textFlag(flags, 'timeout') ?? ''}'`;
    return err([{ code: 'doctor-time', message, state: 'nothing was done' }]);
  }
  const subject = await subjectOf(args, context);
  if (!subject.ok) return subject;
  const passive = flags.passive === true || flags['no-probes'] === true;
  const { cluster } = subject.value;
  const services = cluster === undefined ? [] : servicePlaces(cluster, await absentHosts(cluster, context));
  const options = { passive, deep: flags.deep === true, timeoutMs, services };
  return ok({
    ...selection,
    kind: 'measure',
    subject: subject.value,
    options,
    save: textFlag(flags, 'save'),
  });
};

/** Errors are what keeps a plan from being made; warnings and remarks do not. */
const exitOf = ({ counts }: DoctorReport): ExitReason => (counts.errors > 0 ? 'preflight' : 'ok');

export const run: Handler = async (args, context) => {
  const tools = doctorTools(context);
  const request = await requestOf(args, context, tools);
  if (!request.ok) return { errors: request.error };
  try {
    const report = await runDoctor(request.value, tools);
    if (!report.ok) return { errors: report.error };
    if (args.flags.output === 'json') context.print(`${JSON.stringify(report.value, null, 2)}\n`);
    return { exit: exitOf(report.value) };
  } finally {
    await tools.instruments.dispose();
  }
};

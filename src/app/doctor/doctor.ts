import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import type { DoctorReport } from '../../diagnosis/report.js';
import type { ClusterFacts } from '../../facts/cluster/cluster-facts.js';
import type { FactsFile } from '../../facts/model/facts-file.js';
import type { Cluster } from '../../spec/cluster.js';
import { isFailureKind, transportError } from '../../transport/errors.js';
import { defaultFactsPath, loadFacts, saveFacts } from './facts-store.js';
import { measure } from './measure.js';
import { type Subject, unknownHost } from './subject.js';
import { tellReport } from './tell.js';
import type { DoctorTools, MeasureOptions } from './tools.js';

/** Which findings are wanted. */
export interface Selection {
  readonly ignore: readonly string[];
  readonly only: readonly string[];
}

/** Measures hosts anew, or takes facts that were saved. */
export type DoctorRequest = Selection &
  (
    | {
        readonly kind: 'measure';
        readonly subject: Subject;
        readonly options: MeasureOptions;
        readonly save: string | undefined;
      }
    | {
        /** A running cluster, through its API alone. */
        readonly kind: 'cluster';
        readonly see: () => Promise<Result<ClusterFacts, DroverErrors>>;
        readonly name: string;
        readonly save: string | undefined;
      }
    | {
        readonly kind: 'facts';
        readonly file: string;
        readonly cluster: Cluster | undefined;
        readonly hosts: readonly string[];
      }
  );

interface Observed {
  readonly facts: FactsFile;
  readonly file: string;
}

/** The rules are many files: they are read while the hosts answer, not before anybody has asked them. */
const loadRules = () => import('../../diagnosis/diagnose.js');

const emptyFacts = ({ tool, realm }: DoctorTools): FactsFile => ({
  apiVersion: 'drover/v1',
  kind: 'Facts',
  formatVersion: 1,
  tool,
  realm,
  at: '',
  notMeasured: [],
  hosts: [],
  networks: [],
  probes: [],
});

/** Codes are checked before anybody waits for hosts. */
const checkSelection = async (
  { ignore, only }: Selection,
  tools: DoctorTools,
): Promise<Result<void, DroverErrors>> => {
  if (ignore.length === 0 && only.length === 0) return ok(undefined);
  const { diagnose } = await loadRules();
  const answer = diagnose({ facts: emptyFacts(tools), ignore, only });
  return answer.ok ? ok(undefined) : answer;
};

/** When all hosts fail alike, that failure is the answer, with its exit code and its advice. */
const noContact = ({ cluster, hosts }: FactsFile): DroverError => {
  const failed = hosts.flatMap(({ name, contact }) =>
    contact.state === 'failed' && isFailureKind(contact.failure)
      ? [transportError({ kind: contact.failure, host: name, detail: '', notStarted: true })]
      : [],
  );
  const codes = [...new Set(failed.map(({ code }) => code))];
  const [first] = failed;
  const all =
    hosts.length === 1 ? 'the host could not be reached' : `none of ${hosts.length} hosts could be reached`;
  const state = 'nothing was changed anywhere';
  if (first === undefined || codes.length > 1) {
    const hint = `drover explain ${codes.join('; drover explain ')}`;
    return { code: 'doctor-no-contact', message: all, state, hint };
  }
  const names = cluster === undefined ? hosts.map(({ name }) => ` ${name}`).join('') : '';
  const hint = first.code === 'ssh-host-key-unknown' ? `drover trust${names}` : first.hint;
  const message =
    hosts.length === 1 ? `${hosts[0]?.name ?? ''}: ${first.message}` : `${first.message}: ${all}`;
  return { code: first.code, message, state, ...(hint === undefined ? {} : { hint }) };
};

const observe = async (
  request: Extract<DoctorRequest, { kind: 'measure' }>,
  tools: DoctorTools,
): Promise<Result<Observed, DroverErrors>> => {
  const facts = await measure(request.subject, request.options, tools);
  const file = request.save ?? defaultFactsPath(tools.stateDir, facts);
  const saved = await saveFacts(tools.files, file, facts);
  if (!saved.ok) tools.emit({ type: 'diagnostic', severity: 'warning', error: saved.error });
  const reached = facts.hosts.some(({ contact }) => contact.state === 'reached');
  return reached ? ok({ facts, file }) : err([noContact(facts)]);
};

/** Facts of the hosts that are wanted. Matrices keep all hosts: rules look only at pairs of hosts that they know. */
const restrict = (facts: FactsFile, names: readonly string[]): Result<FactsFile, DroverErrors> => {
  if (names.length === 0) return ok(facts);
  const known = facts.hosts.map(({ name }) => name);
  const [first, ...rest] = names
    .filter((name) => !known.includes(name))
    .map((name) => unknownHost(name, known));
  if (first !== undefined) return err([first, ...rest]);
  return ok({ ...facts, hosts: facts.hosts.filter(({ name }) => names.includes(name)) });
};

const recall = async (
  { file, hosts }: Extract<DoctorRequest, { kind: 'facts' }>,
  tools: DoctorTools,
): Promise<Result<Observed, DroverErrors>> => {
  const facts = await loadFacts(tools.files, file);
  if (!facts.ok) return facts;
  const wanted = restrict(facts.value, hosts);
  return wanted.ok ? ok({ facts: wanted.value, file }) : wanted;
};

const askCluster = async (
  request: Extract<DoctorRequest, { kind: 'cluster' }>,
  tools: DoctorTools,
): Promise<Result<Observed, DroverErrors>> => {
  const begin = tools.clock.monotonic();
  const seen = await request.see();
  if (!seen.ok) return seen;
  const { nodes, at, server, missing } = seen.value;
  const title = `the API at ${server} told of ${nodes.length} nodes`;
  tools.emit({ type: 'phase-done', phase: 'facts', title, durationMs: tools.clock.monotonic() - begin });
  const facts: FactsFile = {
    ...emptyFacts(tools),
    at,
    cluster: request.name,
    notMeasured: missing.map(({ what, detail }) => `${what}: ${detail}`),
    kubernetes: seen.value,
  };
  const file = request.save ?? defaultFactsPath(tools.stateDir, facts);
  const saved = await saveFacts(tools.files, file, facts);
  if (!saved.ok) tools.emit({ type: 'diagnostic', severity: 'warning', error: saved.error });
  return ok({ facts, file });
};

const observing = (request: DoctorRequest, tools: DoctorTools): Promise<Result<Observed, DroverErrors>> => {
  if (request.kind === 'measure') return observe(request, tools);
  return request.kind === 'cluster' ? askCluster(request, tools) : recall(request, tools);
};

/** The spec that facts are held against, when there is one. */
const specOf = (request: DoctorRequest): Cluster | undefined => {
  if (request.kind === 'measure') return request.subject.cluster;
  return request.kind === 'facts' ? request.cluster : undefined;
};

/** Observes, diagnoses and tells what was found. The report is also the value, for callers that want it as data. */
export const runDoctor = async (
  request: DoctorRequest,
  tools: DoctorTools,
): Promise<Result<DoctorReport, DroverErrors>> => {
  const begin = tools.clock.monotonic();
  const selection = await checkSelection(request, tools);
  if (!selection.ok) return selection;
  const [observed, { diagnose }] = await Promise.all([observing(request, tools), loadRules()]);
  if (!observed.ok) return observed;
  const { facts, file } = observed.value;
  const report = diagnose({ facts, cluster: specOf(request), ignore: request.ignore, only: request.only });
  if (!report.ok) return report;
  const durationMs = tools.clock.monotonic() - begin;
  tellReport(tools.emit, {
    facts,
    report: report.value,
    factsFile: file,
    durationMs,
    recalled: request.kind === 'facts',
  });
  return report;
};

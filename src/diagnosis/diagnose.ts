import { didYouMean } from '../core/did-you-mean.js';
import type { DroverError, DroverErrors } from '../core/error.js';
import type { Finding } from '../core/events/finding.js';
import { err, ok, type Result } from '../core/result.js';
import type { FactsFile } from '../facts/model/facts-file.js';
import type { Cluster } from '../spec/cluster.js';
import { allHosts } from './access.js';
import { attach } from './attach.js';
import { notMeasured } from './not-measured.js';
import { inOrder } from './order.js';
import type { DoctorReport } from './report.js';
import type { FindingDraft, Rule, RuleContext } from './rule.js';
import { rules } from './rules/index.js';
import { judge } from './verdicts/index.js';

export interface Question {
  readonly facts: FactsFile;
  /** Absent when the doctor was given bare addresses. */
  readonly cluster?: Cluster | undefined;
  /** Codes that the user does not want to hear of; recorded in the report. */
  readonly ignore?: readonly string[] | undefined;
  /** Only these codes. */
  readonly only?: readonly string[] | undefined;
}

const unknownCodes = (codes: readonly string[]): DroverError[] => {
  const known = rules.map(({ code }) => code);
  return [...new Set(codes)]
    .filter((code) => !known.includes(code))
    .map((code) => {
      const near = didYouMean(code, known);
      return {
        code: 'finding-code-unknown',
        message: `no finding has the code ${JSON.stringify(code)}`,
        state: 'nothing was diagnosed',
        hint: near === undefined ? 'drover explain lists all codes' : `did you mean ${near}?`,
      };
    });
};

const findingOf = (rule: Rule, draft: FindingDraft): Finding => ({
  code: rule.code,
  severity: draft.severity ?? rule.severity,
  title: draft.title,
  hosts: draft.hosts,
  ...(draft.pairs === undefined ? {} : { pairs: draft.pairs }),
  evidence: draft.evidence,
  cause: draft.cause,
  fix: draft.fix,
  ...(rule.source === undefined ? {} : { source: rule.source }),
});

const runRules = (context: RuleContext, only: readonly string[] | undefined): Finding[] =>
  rules
    .filter(({ code }) => only === undefined || only.length === 0 || only.includes(code))
    .flatMap((rule) => rule.check(context).map((draft) => findingOf(rule, draft)));

const countOf = (findings: readonly Finding[], severity: Finding['severity']): number =>
  findings.filter((finding) => finding.severity === severity).length;

const nodesOf = ({ kubernetes }: FactsFile): string[] => (kubernetes?.nodes ?? []).map(({ name }) => name);

/**
 * Diagnoses facts: pure, deterministic, and independent of the order of hosts. Fails only when `ignore` or `only`
 * name codes that do not exist.
 */
export const diagnose = ({
  facts,
  cluster,
  ignore = [],
  only,
}: Question): Result<DoctorReport, DroverErrors> => {
  const [first, ...more] = unknownCodes([...ignore, ...(only ?? [])]);
  if (first !== undefined) return err([first, ...more]);
  const context: RuleContext = { facts, cluster };
  const all = runRules(context, only);
  const kept = all.filter(({ code }) => !ignore.includes(code));
  const parents = attach(kept, rules);
  const findings = inOrder(kept, parents).map((finding) => {
    const under = parents.get(finding)?.code;
    return under === undefined ? finding : { ...finding, under };
  });
  const hosts = allHosts(context);
  const name = cluster?.name ?? facts.cluster;
  return ok({
    apiVersion: 'drover/v1',
    kind: 'DoctorReport',
    formatVersion: 1,
    tool: facts.tool,
    realm: facts.realm,
    at: facts.at,
    ...(name === undefined ? {} : { cluster: name }),
    hosts: hosts.length > 0 ? hosts.map(({ name: host }) => host) : nodesOf(facts),
    unreachable: hosts.filter(({ contact }) => contact.state === 'failed').map((host) => host.name),
    findings,
    // Without hosts nothing can be said about networks: an API does not tell what machines could carry.
    verdicts: hosts.length > 0 ? judge(context) : [],
    counts: {
      errors: countOf(findings, 'error'),
      warnings: countOf(findings, 'warning'),
      infos: countOf(findings, 'info'),
    },
    ignored: [...new Set(ignore)]
      .sort()
      .map((code) => ({ code, findings: all.filter((one) => one.code === code).length })),
    notMeasured: notMeasured(context),
  });
};

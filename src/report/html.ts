import { count } from '../core/text.js';
import { type FindingNode, findingTree } from './finding-tree.js';
import { matrixFigure } from './html-matrix.js';
import { stylesheet } from './html-style.js';
import { duration, measuredText } from './layout.js';
import type { ReportState } from './report-state.js';
import { heardLines } from './service-table.js';
import { VERDICT_WORDS, verdictMtu, verdictReasons } from './verdict-words.js';
import { escapeMarkup as x } from './xml.js';

const MARK = {
  good: '✓',
  error: '✗',
  warning: '!',
  info: 'i',
  unknown: '?',
  asked: '▸',
  arrow: '→',
  dot: '·',
  dash: '–',
  child: '└',
  more: '…',
} as const;

/** A word that is told by colour and mark, too. */
export const badge = (tone: string, mark: string, text: string): string =>
  `<span class="badge ${tone}"><span aria-hidden="true">${mark}</span> ${x(text)}</span>`;

export const findingCard = ({ finding, explains }: FindingNode): string => {
  const evidence = finding.evidence
    .map(
      ({ host, text, fact }) =>
        `<li title="${x(fact)}">${host === undefined ? '' : `<b>${x(host)}</b> `}${x(text)}</li>`,
    )
    .join('');
  const symptoms = explains.map((child) => findingCard(child)).join('');
  return `<article class="finding ${finding.severity}">
<h3>${badge(finding.severity, MARK[finding.severity], finding.severity)} ${x(finding.title)} <code>${x(finding.code)}</code></h3>
<dl><dt>Seen</dt><dd><ul>${evidence}</ul></dd>
<dt>Cause</dt><dd>${x(finding.cause)}</dd>
<dt>Fix</dt><dd>${x(finding.fix.text)}</dd>${
    finding.source === undefined
      ? ''
      : `
<dt>Source</dt><dd>${x(finding.source)}</dd>`
  }</dl>
${symptoms === '' ? '' : `<details open><summary>Explains ${count(explains.length, 'finding')}</summary>${symptoms}</details>`}</article>`;
};

const verdicts = ({ verdicts: list }: ReportState): string => {
  if (list.length === 0) return '';
  const rows = list.map((verdict) => {
    const { text, mark, tone } = VERDICT_WORDS[verdict.status];
    const reasons = verdictReasons(verdict)
      .map((reason) => `<li>${x(reason)}</li>`)
      .join('');
    const asked = verdict.asked ? ' <span class="asked">asked for</span>' : '';
    return `<tr${verdict.asked ? ' class="wanted"' : ''}><th scope="row">${x(verdict.title)}${asked}</th><td>${badge(tone, MARK[mark], text)}</td><td class="number">${verdictMtu(verdict) ?? '–'}</td><td><ul>${reasons}</ul></td></tr>`;
  });
  return `<section><h2>Which cluster network can work here</h2>
<table><thead><tr><th>Network</th><th>Verdict</th><th>MTU</th><th>Why</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`;
};

const services = ({ services: list }: ReportState): string => {
  if (list.length === 0) return '';
  const rows = list.map((service) => {
    const heard = heardLines(service).map(
      ({ ok, text }) =>
        `<li>${badge(ok ? 'good' : 'error', ok ? MARK.good : MARK.error, ok ? 'answers' : 'fails')} ${x(text)}</li>`,
    );
    return `<tr><th scope="row">${x(service.service)}</th><td>${x(service.place)}</td><td><ul>${heard.join('')}</ul></td></tr>`;
  });
  return `<section><h2>Services outside the cluster</h2>
<table><thead><tr><th>Service</th><th>Called at</th><th>What nodes hear</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`;
};

const hosts = (report: ReportState): string => {
  if (report.hosts.length === 0) return '';
  const rows = report.hosts.map(
    ({ host, ok, text, durationMs }) =>
      `<tr><th scope="row">${x(host)}</th><td>${badge(ok ? 'good' : 'error', ok ? MARK.good : MARK.error, ok ? 'measured' : 'not reached')}</td><td>${x(text)}</td><td class="number">${duration(durationMs)}</td></tr>`,
  );
  return `<section><h2>Hosts</h2>
<table><thead><tr><th>Host</th><th>State</th><th>What it is</th><th>Time</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`;
};

/** Errors and warnings of the command itself. */
export const errorCards = ({ diagnostics }: ReportState): string =>
  diagnostics
    .map(
      ({ severity, error }) =>
        `<article class="finding ${severity}"><h3>${badge(severity, MARK[severity], severity)} ${x(error.message)} <code>${x(error.code)}</code></h3><p>${x(error.hint ?? error.cause ?? '')}</p></article>`,
    )
    .join('\n');

const headline = ({ summary }: ReportState): string =>
  summary === undefined
    ? '<p class="lead">The doctor did not finish.</p>'
    : `<p class="lead">${badge('error', MARK.error, count(summary.errors, 'error'))} ${badge('warning', MARK.warning, count(summary.warnings, 'warning'))} ${badge('info', MARK.info, count(summary.infos, 'remark'))} on ${count(summary.hosts, 'host')}, ${measuredText(summary)}</p>
<p>Next: <code>${x(summary.next)}</code></p>`;

/** A whole page without scripts or anything to fetch: it can be mailed and opened years later. */
export const htmlPage = (page: {
  readonly title: string;
  /** Markup. */
  readonly body: string;
  readonly footer: readonly string[];
  /** Further style sheet. */
  readonly style?: string;
}): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${x(page.title)}</title><style>${stylesheet}${page.style ?? ''}</style></head>
<body><main>
${page.body}
<footer>${page.footer.map(x).join(' · ')}</footer>
</main></body></html>
`;

/** The doctor's report as one HTML file. */
export const htmlDocument = (report: ReportState): string => {
  const { factsFile } = report.summary ?? {};
  return htmlPage({
    title: 'Drover doctor',
    footer: [
      `drover ${report.tool}`,
      report.realm,
      ...(factsFile === undefined ? [] : [`facts: ${factsFile}`]),
    ],
    body: `<header><h1>Drover doctor</h1>${headline(report)}</header>
${errorCards(report)}
${report.findings.length === 0 ? '' : `<section><h2>Findings</h2>${findingTree(report.findings).map(findingCard).join('\n')}</section>`}
${verdicts(report)}
${services(report)}
${report.matrices.length === 0 ? '' : `<section><h2>Who reaches whom</h2><div class="matrices">${report.matrices.map(matrixFigure).join('\n')}</div></section>`}
${hosts(report)}`,
  });
};

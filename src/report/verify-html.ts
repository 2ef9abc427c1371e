import { type CheckGroup, checkGroups, isApplicable, outcomeOf, unmanagedOf } from './check-groups.js';
import { findingTree } from './finding-tree.js';
import { badge, errorCards, findingCard, htmlPage } from './html.js';
import { duration } from './layout.js';
import { pairMatrices } from './pair-matrix.js';
import { pairSvg } from './pair-svg.js';
import type { ReportState } from './report-state.js';
import { urlMatrix } from './url-matrix.js';
import { verifyStyle } from './verify-style.js';
import { amountOf, verdictOf } from './verify-verdict.js';
import { escapeMarkup as x } from './xml.js';

const SHOWN = 40;

const details = ({ failed, late, results }: CheckGroup): string => {
  const told = [...failed, ...late];
  const all = told.length > 0 ? told : results.filter(({ status }) => status === 'not-applicable');
  if (all.length === 0) return '';
  const items = all.slice(0, SHOWN).map((result) => `<li>${x(outcomeOf(result))}</li>`);
  const left = all.length - items.length;
  return `<ul>${items.join('')}${left > 0 ? `<li>and ${left} more</li>` : ''}</ul>`;
};

const groupRow = (group: CheckGroup): string => {
  const { title, results, failed } = group;
  const state = !isApplicable(group)
    ? badge('info', '–', 'does not apply')
    : failed.length === 0
      ? badge('good', '✓', 'passed')
      : badge('error', '✗', 'failed');
  return `<tr><td>${state}</td><th scope="row">${x(title)}${details(group)}</th><td class="number">${results.length - failed.length} of ${results.length}</td></tr>`;
};

const headline = ({ verify }: ReportState): string => {
  if (verify === undefined) return '<p class="lead">The verification did not finish.</p>';
  const { passed, failed, notManaged, notApplicable, durationMs, next } = verify;
  const verdict =
    failed === 0 ? badge('good', '✓', verdictOf(verify)) : badge('error', '✗', verdictOf(verify));
  return `<p class="lead">${verdict} ${amountOf(verify, passed)} passed, ${failed} failed, ${notManaged} not managed, ${notApplicable} not applicable, in ${duration(durationMs)}</p>
<p>Next: <code>${x(next)}</code></p>`;
};

const LEGEND = `<p class="legend"><span class="pair pass">✓</span> passes <span class="pair large">◐</span> small packets only <span class="pair fail">✗</span> does not pass <span class="pair unknown">?</span> not measured; rows send, columns receive</p>`;

const pictures = ({ checks }: ReportState): string => {
  const matrices = pairMatrices(checks);
  if (matrices.length === 0) return '';
  return `<section><h2>Who reaches whom</h2>${LEGEND}<div class="pictures">${matrices.map(pairSvg).join('\n')}</div></section>`;
};

const URL_LEGEND = `<p class="legend"><span class="pair pass">✓</span> answers as the spec says <span class="pair large">◐</span> answers, with a certificate that is not good <span class="pair fail">✗</span> does not <span class="pair unknown">?</span> not asked; nodes are asked at their own address</p>`;

const urlPicture = ({ checks }: ReportState): string => {
  const [matrix] = urlMatrix(checks);
  if (matrix === undefined) return '';
  return `<section><h2>Addresses</h2>${URL_LEGEND}<div class="pictures">${pairSvg(matrix)}</div></section>`;
};

const unmanaged = ({ checks }: ReportState): string => {
  const items = unmanagedOf(checks).map(({ title, detail }) => `<li>${x(title)}: ${x(detail)}</li>`);
  return items.length === 0
    ? ''
    : `<section><h2>Neither passed nor failed</h2><ul>${items.join('')}</ul></section>`;
};

/** The verification as one HTML file without scripts or anything to fetch, with the pairs as pictures. */
export const verifyHtml = (report: ReportState): string => {
  const rows = checkGroups(report.checks).map(groupRow);
  const reasons = findingTree(report.findings).map(findingCard);
  return htmlPage({
    title: 'Drover verify',
    style: verifyStyle,
    footer: [
      `drover ${report.tool}`,
      report.realm,
      ...(report.verify?.proof === undefined ? [] : [`proof: ${report.verify.proof}`]),
    ],
    body: `<header><h1>Drover verify</h1>${headline(report)}</header>
${errorCards(report)}
${urlPicture(report)}
${pictures(report)}
${reasons.length === 0 ? '' : `<section><h2>What the doctor found</h2>${reasons.join('\n')}</section>`}
${rows.length === 0 ? '' : `<section><h2>Checks</h2><table class="checks"><thead><tr><th>Result</th><th>Check</th><th class="number">Passed</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`}
${unmanaged(report)}`,
  });
};

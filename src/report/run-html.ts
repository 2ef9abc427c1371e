import type { RunEvent } from '../core/events/run.js';
import type { JournalLine } from '../run/journal-line.js';
import { type OutageGroup, watchedSubjects } from '../run/outages.js';
import type { OutageRecord } from '../steps/guards/pairs/outage-record.js';
import { badge, htmlPage } from './html.js';
import { duration } from './layout.js';
import { actionBars, outageChart } from './outage-chart.js';
import { outageMatrix } from './outage-matrix.js';
import { outageStyle } from './outage-style.js';
import { againstControl, OUTAGE_KINDS, outageTime, subjectWords } from './outage-words.js';
import { endedWell, runLine } from './run-line.js';
import { escapeMarkup as x } from './xml.js';

export interface RunPage {
  readonly run: string;
  readonly cluster: string;
  readonly realm: string;
  readonly tool: string;
  readonly lines: readonly JournalLine[];
  readonly outages: readonly OutageRecord[];
}

type Event<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

const lastOf = <Type extends RunEvent['type']>(
  lines: RunPage['lines'],
  type: Type,
): Event<Type> | undefined =>
  lines.findLast(({ event }) => event.type === type)?.event as Event<Type> | undefined;

const lead = ({ lines }: RunPage): string => {
  const done = lastOf(lines, 'run-done');
  if (done === undefined) return `<p class="lead">${badge('warning', '…', 'not ended')}</p>`;
  const well = endedWell(done);
  const told = [done.state, done.why].filter((part) => part !== undefined);
  return `<p class="lead">${badge(well ? 'good' : 'error', well ? '✓' : '✗', done.outcome)} ${x(duration(done.durationMs))}</p>
${told.map((part) => `<p>${x(part)}</p>`).join('')}${done.next === undefined ? '' : `<p>Go on: <code>${x(done.next)}</code></p>`}${done.back === undefined ? '' : `<p>Go back: <code>${x(done.back)}</code></p>`}`;
};

const costRow = (group: OutageGroup, control: readonly OutageGroup[] | undefined): string => {
  const same = control?.find(({ kind }) => kind === group.kind);
  const ratio = againstControl(group, control);
  const cells = [
    `${group.interrupted} of ${group.subjects}`,
    `${outageTime(group.medianMs)}${ratio === undefined ? '' : ` <small>${ratio}</small>`}`,
    `${outageTime(group.longestMs)}${group.worst === undefined ? '' : ` <small>${x(subjectWords(group.worst))}</small>`}`,
    outageTime(group.totalMs),
    ...(control === undefined
      ? []
      : [
          same === undefined ? '–' : outageTime(same.medianMs),
          same === undefined ? '–' : outageTime(same.longestMs),
        ]),
  ];
  return `<tr><th scope="row">${OUTAGE_KINDS[group.kind]}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
};

const cost = ({ groups, control }: Event<'outages'>): string => {
  const compared = control === undefined ? '' : '<th>Control: median</th><th>Control: longest</th>';
  return `<table class="cost"><thead><tr><th></th><th>Interrupted</th><th>Median</th><th>Longest</th><th>Most in all</th>${compared}</tr></thead><tbody>${groups.map((group) => costRow(group, control)).join('')}</tbody></table>
<p class="legend">The median is over those that were interrupted, of the longest outage of each.${control === undefined ? '' : ' Control: the pods of one node recreated with nothing changed; it is in no other column.'}</p>`;
};

const breachesOf = (lines: RunPage['lines']) =>
  lines.flatMap(({ at, event }) =>
    event.type === 'guard-breach'
      ? [{ at: Date.parse(at), text: `${event.guard}: ${event.detail}; decision: ${event.decision}` }]
      : [],
  );

const outages = (page: RunPage): string => {
  const summary = lastOf(page.lines, 'outages');
  const subjects = watchedSubjects(page.outages);
  if (subjects.length === 0) return '';
  const input = { records: page.outages, actions: actionBars(page.lines), breaches: breachesOf(page.lines) };
  const matrix = outageMatrix(page.outages, subjects);
  return `<section><h2>What it cost who uses the network</h2>
${summary === undefined ? '' : cost(summary)}
<h2>Outages over time</h2>
<div class="chart">${outageChart(input, subjects)}</div>
<p class="legend"><b class="red">■</b> no answer · <b class="blue">◆</b> the receiver sees another source address from here on · <b class="green">■</b> an action of the run${summary?.control === undefined ? '' : ' · on blue: the control'}${input.breaches.length === 0 ? '' : ' · <b class="red">┆</b> a guard’s budget was spent'}</p>
${matrix === '' ? '' : `<h2>The longest outage of each pair of pods</h2><div class="chart">${matrix}</div>`}</section>`;
};

const plain = { columns: 200, color: false, unicode: true } as const;

const events = ({ lines }: RunPage): string => {
  const rows = lines.flatMap(({ at, event }) => {
    if (event.type === 'outages' || event.type === 'run-done') return [];
    const told = runLine(plain, event, false);
    return told === undefined ? [] : [`<tr><td>${x(at.slice(11, 19))}</td><td>${x(told.trim())}</td></tr>`];
  });
  return `<section><h2>What was done</h2><table class="events"><tbody>${rows.join('\n')}</tbody></table></section>`;
};

/** One run as one HTML file: how it ended, what it cost, and what was done when. */
export const runHtml = (page: RunPage): string =>
  htmlPage({
    title: `Drover run ${page.run}`,
    style: outageStyle,
    footer: [`drover ${page.tool}`, page.realm, page.cluster, `run ${page.run}`],
    body: `<header><h1>${x(page.cluster)}: run ${x(page.run)}</h1>${lead(page)}</header>
${outages(page)}
${events(page)}`,
  });

import type { OutageRecord } from '../steps/guards/pairs/outage-record.js';
import { pairSubject } from '../steps/guards/pairs/params.js';
import { outageTime } from './outage-words.js';
import { escapeMarkup as x } from './xml.js';

/** Beyond this many nodes a table of cells helps nobody. */
const DRAWN_NODES = 40;
/** Shades of what a pair paid, against the worst one. */
const SHADES = 4;

const nodesOf = (kind: 'pod' | 'host', subjects: readonly string[]): string[] =>
  [
    ...new Set(
      subjects.flatMap((subject) => {
        const [, from, to] = /^(?:pod|host):(.+)→pod:(.+)$/.exec(subject) ?? [];
        return subject.startsWith(`${kind}:`) && from !== undefined && to !== undefined ? [from, to] : [];
      }),
    ),
  ].sort();

const longest = (records: readonly OutageRecord[]): Map<string, number> => {
  const found = new Map<string, number>();
  for (const record of records)
    if (record.type === 'outage')
      found.set(record.subject, Math.max(found.get(record.subject) ?? 0, record.ms));
  return found;
};

/** The longest outage of each ordered pair of pods: senders are rows, receivers columns. */
export const outageMatrix = (records: readonly OutageRecord[], subjects: readonly string[]): string => {
  const nodes = nodesOf('pod', subjects);
  if (nodes.length === 0 || nodes.length > DRAWN_NODES) return '';
  const found = longest(records);
  const worst = Math.max(
    1,
    ...[...found].flatMap(([subject, ms]) => (subject.startsWith('pod:') ? [ms] : [])),
  );
  const cell = (from: string, to: string): string => {
    if (from === to) return '<td class="cell none"></td>';
    const ms = found.get(pairSubject('pod', from, to)) ?? 0;
    const tone = ms === 0 ? 'good' : `shade${Math.max(1, Math.ceil((ms / worst) * SHADES))}`;
    const text = ms === 0 ? '✓' : outageTime(ms);
    return `<td class="cell ${tone}" title="${x(`${from} → ${to}: ${outageTime(ms)}`)}">${text}</td>`;
  };
  const head = nodes.map((node) => `<th scope="col"><span>${x(node)}</span></th>`).join('');
  const rows = nodes.map(
    (from) => `<tr><th scope="row">${x(from)}</th>${nodes.map((to) => cell(from, to)).join('')}</tr>`,
  );
  return `<table class="matrix"><thead><tr><th scope="col">from \\ to</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
};

import type { JournalLine } from '../run/journal-line.js';
import { CONTROL_STEP, kindOf } from '../run/outages.js';
import type { OutageRecord } from '../steps/guards/pairs/outage-record.js';
import { clip } from './layout.js';
import { type TimeScale, timeScale } from './outage-scale.js';
import { OUTAGE_KINDS, outageTime, subjectWords } from './outage-words.js';
import { escapeMarkup as x } from './xml.js';

const WIDTH = 1120;
const LABEL = 300;
const ROW = 16;
const LETTERS = 44;
/** Rows beyond this are told by their number: nobody reads them. */
const MOST_ROWS = 150;

type Outage = Extract<OutageRecord, { type: 'outage' }>;
type Source = Extract<OutageRecord, { type: 'source' }>;

/** One action of the run as a bar. Times in milliseconds since 1970. */
export interface ActionBar {
  readonly action: string;
  readonly from: number;
  readonly to: number;
  readonly state: 'done' | 'failed' | 'open';
}

export interface ChartInput {
  readonly records: readonly OutageRecord[];
  readonly actions: readonly ActionBar[];
  readonly breaches: readonly { readonly at: number; readonly text: string }[];
}

/** The actions of a run as bars, in the order in which they began. */
export const actionBars = (lines: readonly Pick<JournalLine, 'at' | 'event'>[]): ActionBar[] => {
  const bars = new Map<string, ActionBar>();
  const last = Date.parse(lines.at(-1)?.at ?? '');
  for (const { at, event } of lines) {
    const time = Date.parse(at);
    if (event.type === 'action-intent' && !bars.has(event.action))
      bars.set(event.action, { action: event.action, from: time, to: last, state: 'open' });
    if (event.type !== 'action-done' && event.type !== 'action-failed') continue;
    const bar = bars.get(event.action);
    const state = event.type === 'action-done' ? 'done' : 'failed';
    if (bar !== undefined) bars.set(event.action, { ...bar, to: time, state });
  }
  return [...bars.values()];
};

/** From the first look of a guard to the last. */
const spanOf = (records: readonly OutageRecord[]): { readonly from: number; readonly to: number } => {
  const times = records.flatMap((record) => {
    if (record.type === 'outage') return [Date.parse(record.from), Date.parse(record.to)];
    return record.type === 'source' ? [] : [Date.parse(record.at)];
  });
  return { from: Math.min(...times), to: Math.max(...times) };
};

interface Row {
  readonly label: string;
  readonly marks: string;
  readonly tone: string;
}

const bar = (
  scale: TimeScale,
  { from, to }: { readonly from: number; readonly to: number },
  { tone, tip }: { readonly tone: string; readonly tip: string },
): string => {
  const left = scale.x(from);
  const width = Math.max(scale.x(to) - left, 2);
  return `<rect class="${tone}" x="${left}" y="3" width="${width.toFixed(1)}" height="${ROW - 6}" rx="2"><title>${x(tip)}</title></rect>`;
};

const outageBar = (scale: TimeScale, { from, to, ms, why, subject, open }: Outage): string => {
  const length = `${outageTime(ms)}${open === true ? ', not over when the guard ended' : ''}`;
  const tip = `${subjectWords(subject)}: ${length}\n${why}`;
  return bar(scale, { from: Date.parse(from), to: Date.parse(to) }, { tone: 'out', tip });
};

const sourceTick = (scale: TimeScale, { at, source, before, subject }: Source): string => {
  const left = scale.x(Date.parse(at));
  const tip = `${subjectWords(subject)}: seen as ${source}, before as ${before ?? ''}`;
  return `<path class="moved" d="M${left} 1l4 5-4 5-4-5z"><title>${x(tip)}</title></path>`;
};

const subjectRow = (subject: string, { records }: ChartInput, scale: TimeScale): Row => {
  const outages = records.filter((record) => record.type === 'outage' && record.subject === subject);
  const moves = records.filter(
    (record) => record.type === 'source' && record.subject === subject && record.before !== undefined,
  );
  const marks = [
    ...outages.map((record) => outageBar(scale, record as Outage)),
    ...moves.map((record) => sourceTick(scale, record as Source)),
  ];
  return { label: subjectWords(subject), marks: marks.join(''), tone: 'subject' };
};

const actionRow = ({ action, from, to, state }: ActionBar, scale: TimeScale): Row => {
  const tip = `${action}: ${outageTime(to - from)}, ${state}`;
  return { label: action, marks: bar(scale, { from, to }, { tone: state, tip }), tone: 'action' };
};

const headRow = (label: string): Row => ({ label, marks: '', tone: 'head' });

/** Subjects of one kind that were interrupted; of the others only how many. */
const kindRows = (kind: string, subjects: readonly string[], input: ChartInput, scale: TimeScale): Row[] => {
  const own = subjects.filter((subject) => kindOf(subject) === kind);
  if (own.length === 0) return [];
  const hit = new Set(input.records.flatMap((record) => (record.type === 'outage' ? [record.subject] : [])));
  const rows = own.filter((subject) => hit.has(subject));
  const words = OUTAGE_KINDS[kind as keyof typeof OUTAGE_KINDS];
  const told =
    rows.length === 0
      ? `${words}: none of ${own.length} interrupted`
      : `${words}: ${rows.length} of ${own.length} interrupted`;
  const shown = rows.slice(0, MOST_ROWS).map((subject) => subjectRow(subject, input, scale));
  const more = rows.length - shown.length;
  return [headRow(told), ...shown, ...(more > 0 ? [headRow(`and ${more} more`)] : [])];
};

const drawn = ({ label, marks, tone }: Row, index: number): string => {
  const text = `<text class="${tone}" x="${tone === 'head' ? 8 : LABEL - 10}" y="${ROW - 4}">${x(clip(label, tone === 'head' ? 90 : LETTERS))}</text>`;
  const lane =
    tone === 'head'
      ? ''
      : `<rect class="lane" x="${LABEL}" y="1" width="${WIDTH - LABEL - 10}" height="${ROW - 2}"/>`;
  return `<g transform="translate(0 ${index * ROW + 30})">${lane}${text}${marks}</g>`;
};

/** Every outage over time, with what the run did underneath: one picture without scripts. */
export const outageChart = (input: ChartInput, subjects: readonly string[]): string => {
  const scale = timeScale(spanOf(input.records), { left: LABEL, width: WIDTH - LABEL - 10 });
  const actions = input.actions.filter(({ from, to }) => to >= scale.from && from <= scale.to);
  const rows = [
    ...Object.keys(OUTAGE_KINDS).flatMap((kind) => kindRows(kind, subjects, input, scale)),
    headRow('What the run did'),
    ...actions.map((each) => actionRow(each, scale)),
  ];
  const height = rows.length * ROW + 40;
  const grid = scale.ticks.map(
    (tick) =>
      `<line class="grid" x1="${tick.x}" y1="22" x2="${tick.x}" y2="${height}"/><text class="tick" x="${tick.x}" y="14">${tick.text}</text>`,
  );
  const controls = actions
    .filter(({ action }) => action.startsWith(`${CONTROL_STEP}/`))
    .map(
      ({ from, to }) =>
        `<rect class="control" x="${scale.x(from)}" y="22" width="${Math.max(scale.x(to) - scale.x(from), 2)}" height="${height}"><title>control: nothing is changed here</title></rect>`,
    );
  const breaches = input.breaches.map(
    ({ at, text }) =>
      `<line class="breach" x1="${scale.x(at)}" y1="22" x2="${scale.x(at)}" y2="${height}"><title>${x(text)}</title></line>`,
  );
  return `<svg class="outages" role="img" aria-label="Outages over time, and the actions of the run" viewBox="0 0 ${WIDTH} ${height}">${controls.join('')}${grid.join('')}${rows.map(drawn).join('')}${breaches.join('')}</svg>`;
};

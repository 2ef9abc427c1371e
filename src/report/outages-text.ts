import type { RunEvent } from '../core/events/run.js';
import { count } from '../core/text.js';
import type { OutageGroup } from '../run/outages.js';
import { pad } from './layout.js';
import { againstControl, OUTAGE_KINDS, outageTime, subjectWords } from './outage-words.js';
import { paint, type Style, severityMark, symbol } from './style.js';

type Outages = Extract<RunEvent, { type: 'outages' }>;

const WIDTH = Math.max(...Object.values(OUTAGE_KINDS).map(({ length }) => length)) + 2;

const groupText = (style: Style, group: OutageGroup, control: Outages['control']): string => {
  const { kind, subjects, interrupted, medianMs, longestMs, totalMs, worst } = group;
  const name = `  ${pad(OUTAGE_KINDS[kind], WIDTH)}`;
  if (interrupted === 0) return `${name}${paint(style, 'good', 'none')} of ${subjects} was interrupted`;
  const ratio = againstControl(group, control);
  const parts = [
    `${interrupted} of ${subjects} interrupted`,
    `median ${outageTime(medianMs)}${ratio === undefined ? '' : ` (${ratio})`}`,
    `longest ${outageTime(longestMs)}${worst === undefined ? '' : ` (${subjectWords(worst)})`}`,
    ...(totalMs > longestMs ? [`at most ${outageTime(totalMs)} in all`] : []),
  ];
  return `${name}${parts.join(', ')}`;
};

/** What the network cost, at the end of a run. */
export const outagesText = (style: Style, { groups, control, unwatched }: Outages): string => {
  const told = groups.map((group) => groupText(style, group, control));
  const compared = (control ?? []).filter(({ interrupted }) => interrupted > 0);
  return [
    `${symbol(style, 'dash')} outages, each subject sampled all the time:`,
    ...told,
    ...(compared.length === 0
      ? []
      : [
          `  ${paint(style, 'dim', 'control: the pods of one node recreated with nothing changed')}`,
          ...compared.map((group) => groupText(style, group, undefined)),
        ]),
    ...(unwatched.length === 0
      ? []
      : [
          `  ${severityMark(style, 'warning')} nothing is known from ${count(unwatched.length, 'node')}: ${unwatched.join(', ')}`,
        ]),
  ].join('\n');
};

import { count } from '../core/text.js';
import type { Action, Plan, Stage } from '../plan/model.js';
import { totalsOf } from '../plan/totals.js';
import { CHANGE_SYMBOLS, type Change } from '../steps/change.js';
import { duration } from './layout.js';
import { escapeMarkdown } from './markdown.js';
import { networkChangeLines } from './network-change.js';
import { objectChanges } from './object-changes.js';
import { guardText, partialText, totalsLine } from './plan-text.js';

const changeText = ({ kind, what, before, after, sensitive }: Change): string => {
  const values =
    sensitive === true ? '(sensitive)' : [before, after].filter((value) => value !== undefined).join(' → ');
  return `\`${CHANGE_SYMBOLS[kind]}\` ${escapeMarkdown(what)}${values === '' ? '' : ` ${escapeMarkdown(values)}`}`;
};

const placeText = ({ scope, role, host, hosts }: Action): string =>
  scope === 'operator'
    ? 'this machine'
    : (host ?? (hosts.length === 0 ? (role ?? 'cluster') : hosts.join(', ')));

const row = (action: Action): string => {
  const { step, title, changes, risk, undo, expected } = action;
  const where = placeText(action);
  const shown = step.startsWith('objects.') ? objectChanges(changes, false) : changes;
  const back =
    undo.kind === 'irreversible' ? `**irreversible**: ${escapeMarkdown(undo.reason)}` : 'reversible';
  const cost = [`risk ${risk}`, back, `about ${duration(expected.seconds * 1000)}`];
  if (expected.interruption !== undefined) cost.push(`interrupts: ${escapeMarkdown(expected.interruption)}`);
  return `| ${escapeMarkdown(where)} | ${escapeMarkdown(title)} | ${shown.map(changeText).join('<br>')} | ${cost.join('; ')} |`;
};

const stageText = ({ name, goal, actions, envelope, guards = [] }: Stage): string[] => [
  `### ${name}: ${goal}`,
  '',
  ...guards.flatMap((guard) => [`${escapeMarkdown(guardText(guard))}.`, '']),
  ...(envelope === undefined
    ? ['| Where | What | Changes | Cost |', '| --- | --- | --- | --- |', ...actions.map(row)]
    : [
        `Planned when it starts: ${envelope.steps.join(', ')} on ${envelope.hosts.length === 0 ? 'the cluster' : count(envelope.hosts.length, 'host')}, risk at most ${envelope.highestRisk}; anything beyond pauses the run.`,
      ]),
  '',
];

/** What a migration does to the objects on the way, and what was found about it. */
const carriedText = ({ carries }: Plan): string[] =>
  carries === undefined
    ? []
    : [
        `From ${escapeMarkdown(carries.source.context)} to ${escapeMarkdown(carries.target.context)}, bundle \`${carries.bundle.slice(0, 12)}\`.`,
        '',
        ...carries.transforms.map(
          ({ title, objects }, index) =>
            `${index + 1}. ${escapeMarkdown(title)}: ${count(objects, 'object')}`,
        ),
        ...carries.findings.map(
          ({ severity, code, object, message }) =>
            `- **${severity}** \`${code}\` ${escapeMarkdown(object === undefined ? message : `${object}: ${message}`)}`,
        ),
        ...carries.refused.map((key) => `- ${escapeMarkdown(key)}: left out`),
        '',
      ];

/** A plan as Markdown, for a comment on a pull request. */
export const planMarkdown = (plan: Plan, next: string): string =>
  [
    `## Plan for ${plan.cluster.name} (${plan.realm})`,
    '',
    `Plan \`${plan.hash.slice(0, 12)}\`, made by drover ${plan.tool} at ${plan.createdAt}.`,
    '',
    ...partialText(plan).flatMap((line) => [`**${escapeMarkdown(line)}**`, '']),
    ...carriedText(plan),
    ...plan.stages.flatMap(stageText),
    ...plan.notManaged.map((path) => `- ${path}: not managed by this version`),
    ...networkChangeLines(plan).map((line, at) => `${at === 0 ? '' : '  '}- ${escapeMarkdown(line)}`),
    ...(totalsOf(plan).notManaged === 0 && plan.networkChange === undefined ? [] : ['']),
    totalsLine(plan),
    '',
    `Apply it: \`${next}\``,
    '',
  ].join('\n');

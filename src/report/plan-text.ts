import { count } from '../core/text.js';
import { levels } from '../plan/graph.js';
import type { Action, Guard, Plan, Stage } from '../plan/model.js';
import { totalsOf } from '../plan/totals.js';
import { CHANGE_SYMBOLS, type Change } from '../steps/change.js';
import { carriedFindings, carriedHead, carriedTotals, refusedLines, transformLines } from './carried-text.js';
import { hostList } from './host-list.js';
import { duration, hang } from './layout.js';
import { networkChangeLines } from './network-change.js';
import { objectChanges } from './object-changes.js';
import { paint, type Style, symbol, type Tone } from './style.js';

export interface PlanTextOptions {
  /** The command that applies this plan, printed last. */
  readonly next?: string;
  /** Every host on a line of its own, also when many get the same change. */
  readonly full: boolean;
}

interface Layout extends PlanTextOptions {
  /** How many hosts the plan touches. */
  readonly hosts: number;
}

const TONE: Partial<Record<Change['kind'], Tone>> = {
  add: 'good',
  remove: 'error',
  replace: 'warning',
  change: 'warning',
  warn: 'warning',
};

const changeLines = (style: Style, { kind, what, before, after, sensitive }: Change): string[] => {
  const arrow = ` ${symbol(style, 'arrow')} `;
  const values =
    sensitive === true ? '(sensitive)' : [before, after].filter((value) => value !== undefined).join(arrow);
  const text = `${what}${values === '' ? '' : `: ${values}`}`;
  const lines = hang(`    ${CHANGE_SYMBOLS[kind].padStart(3)} `, text, style.columns);
  return lines.map((line) => (TONE[kind] === undefined ? line : paint(style, TONE[kind], line)));
};

const remarks = (style: Style, { undo, disruptive, risk, expected, window }: Action): string => {
  const parts = [
    ...(undo.kind === 'irreversible' ? [paint(style, 'error', `irreversible: ${undo.reason}`)] : []),
    ...(expected.interruption === undefined
      ? []
      : [paint(style, 'warning', `interrupts: ${expected.interruption}`)]),
    ...(risk === 'high' || risk === 'medium' ? [`risk ${risk}`] : []),
    ...(disruptive ? ['one at a time, quorum checked before'] : []),
    ...(window === undefined ? [] : [`at most ${window.size} at once`]),
    `about ${duration(expected.seconds * 1000)}`,
  ];
  return parts.join(` ${symbol(style, 'dot')} `);
};

/** Actions of one wave that do the same on several hosts are told once. */
const grouped = (actions: readonly Action[], full: boolean): Action[][] => {
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    const key = full ? action.id : JSON.stringify([action.step, action.title, action.changes]);
    groups.set(key, [...(groups.get(key) ?? []), action]);
  }
  return [...groups.values()];
};

/** Hosts of a group: how many when it is all of the plan, by name otherwise. */
const placeText = (group: readonly Action[], all: number): string => {
  if (group.every(({ scope }) => scope === 'operator')) return 'this machine';
  const [role] = group.map((action) => action.role);
  if (role !== undefined && group.every(({ hosts }) => hosts.length === 0)) return `the ${role}`;
  const hosts = group.flatMap(({ host, hosts: each }) => (host === undefined ? each : [host]));
  if (hosts.length === 0) return 'the cluster';
  return hosts.length === all && all > 1 ? `all ${all} hosts` : hostList(hosts);
};

const groupLines = (style: Style, group: readonly Action[], { hosts, full }: Layout): string[] => {
  const first = group[0];
  if (first === undefined) return [];
  const changes = first.step.startsWith('objects.') ? objectChanges(first.changes, full) : first.changes;
  return [
    ...hang('  ', `${paint(style, 'strong', first.title)} on ${placeText(group, hosts)}`, style.columns),
    ...changes.flatMap((change) => changeLines(style, change)),
    ...hang('        ', paint(style, 'dim', remarks(style, first)), style.columns),
  ];
};

/** A later stage: what it may at most become. */
const envelopeLines = (style: Style, { envelope }: Stage): readonly string[] =>
  envelope === undefined
    ? []
    : hang(
        '    ? ',
        `planned when it starts: ${envelope.steps.join(', ')} on ${envelope.hosts.length === 0 ? 'the cluster' : hostList(envelope.hosts)}; risk at most ${envelope.highestRisk}${envelope.irreversible ? ', may not be taken back' : ''}; anything beyond pauses the run`,
        style.columns,
      );

/** What is watched meanwhile, and what it may cost. */
export const guardText = ({ title, budget, during, onBreach }: Guard): string =>
  `guarded: ${title}, away for at most ${duration(budget.longestMs)} at once${during.length === 0 ? '' : ` during ${count(during.length, 'action')}`}; else ${onBreach}`;

const guardLines = (style: Style, { guards = [] }: Stage): readonly string[] =>
  guards.flatMap((guard) => hang('    ! ', guardText(guard), style.columns));

const stageLines = (style: Style, stage: Stage, layout: Layout): string[] => [
  '',
  paint(style, 'strong', `${stage.name}: ${stage.goal}`),
  ...envelopeLines(style, stage),
  ...guardLines(style, stage),
  ...levels(stage.actions).flatMap((wave, index) => [
    paint(style, 'dim', `wave ${index + 1}`),
    ...grouped(wave, layout.full).flatMap((group) => groupLines(style, group, layout)),
  ]),
];

/** What of a run cannot be taken back, and why. */
const stayLines = (style: Style, plan: Plan): string[] =>
  (plan.takesBack?.stays ?? []).flatMap(({ title, action, reason }) =>
    hang('  ', `${symbol(style, 'dash')} stays: ${title} (${action}): ${reason}`, style.columns),
  );

export const totalsLine = (plan: Plan): string => {
  if (plan.carries !== undefined) return carriedTotals(plan, plan.carries);
  const totals = totalsOf(plan);
  const figures = [
    `${totals.add} to add`,
    `${totals.change} to change`,
    `${totals.destroy} to destroy`,
    `${totals.run} to run on ${count(totals.hosts, 'host')}`,
  ].join(', ');
  const more = [
    `${totals.irreversible} irreversible`,
    `about ${duration(totals.seconds * 1000)}`,
    ...(totals.unchanged === 0 ? [] : [`${totals.unchanged} unchanged`]),
    ...(totals.notManaged === 0 ? [] : [`${totals.notManaged} not managed`]),
  ].join('; ');
  return `Plan: ${figures}; ${more}.`;
};

/** A plan for some hosts only is said to be one, or its end would be taken for the spec's. */
export const partialText = ({ limit }: Plan): readonly string[] =>
  limit === undefined ? [] : [`Partial: only ${hostList(limit)}; what waits for others is left out.`];

export const isEmpty = (plan: Plan): boolean =>
  plan.stages.every(({ actions, envelope }) => actions.length === 0 && envelope === undefined);

/** What a migration does to the objects on the way. */
const carriedTop = (style: Style, { carries }: Plan): readonly string[] =>
  carries === undefined ? [] : [...carriedHead(style, carries), ...transformLines(style, carries)];

/** What was found about a migration, and what is left out. */
const carriedTail = (
  style: Style,
  { carries, ignored }: Plan,
  { full }: PlanTextOptions,
): readonly string[] =>
  carries === undefined
    ? []
    : [...carriedFindings(style, carries, { full, ignored }), ...refusedLines(style, carries)];

/** A plan for people: header, stages in waves, what is not managed, totals, and the command to run next. */
export const planText = (style: Style, plan: Plan, options: PlanTextOptions): string => {
  const unmanaged = [
    ...plan.notManaged.map((path) => `  ${symbol(style, 'dash')} ${path}: not managed by this version`),
    ...networkChangeLines(plan).flatMap((line, at) =>
      hang(at === 0 ? `  ${symbol(style, 'dash')} ` : '      ', line, style.columns),
    ),
  ];
  if (isEmpty(plan)) {
    const held = totalsOf(plan).unchanged;
    const noun = plan.carries === undefined ? 'goal' : 'object';
    return [
      ...unmanaged,
      ...carriedTail(style, plan, options),
      `No changes: ${count(held, noun)} of ${plan.cluster.name} hold already.`,
      '',
    ].join('\n');
  }
  const layout = { ...options, hosts: totalsOf(plan).hosts };
  return [
    paint(style, 'strong', `${plan.carries === undefined ? 'Cluster' : 'Migration'} ${plan.cluster.name}`) +
      paint(
        style,
        'dim',
        `  ${plan.realm} ${symbol(style, 'dot')} plan ${plan.hash.slice(0, 12)} ${symbol(style, 'dot')} drover ${plan.tool}`,
      ),
    ...carriedTop(style, plan),
    ...partialText(plan).flatMap((line) => hang('', line, style.columns)),
    ...plan.stages.flatMap((stage) => stageLines(style, stage, layout)),
    ...carriedTail(style, plan, options),
    ...(unmanaged.length === 0 ? [] : ['', ...unmanaged]),
    ...stayLines(style, plan),
    '',
    ...hang('', totalsLine(plan), style.columns),
    ...(options.next === undefined ? [] : [`Apply it:  ${options.next}`]),
    '',
  ].join('\n');
};

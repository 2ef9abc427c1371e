import { count } from '../core/text.js';
import type { CarriedPlan, Plan } from '../plan/model.js';
import { totalsOf } from '../plan/totals.js';
import { duration, hang } from './layout.js';
import { paint, type Style, severityMark, symbol } from './style.js';

type Finding = CarriedPlan['findings'][number];

const clusterText = ({ context, version, uid }: CarriedPlan['source']): string =>
  `${context} (${version}, ${uid.slice(0, 8)})`;

/** From where to where. */
export const carriedHead = (style: Style, { source, target, bundle }: CarriedPlan): readonly string[] =>
  hang(
    '  ',
    `from ${clusterText(source)} ${symbol(style, 'arrow')} ${clusterText(target)} ${symbol(style, 'dot')} bundle ${bundle.slice(0, 12)}`,
    style.columns,
  );

/** The transforms in their order, each with what it changes. */
export const transformLines = (style: Style, { transforms }: CarriedPlan): readonly string[] =>
  transforms.length === 0
    ? []
    : [
        '',
        paint(style, 'strong', 'Transforms'),
        ...transforms.flatMap(({ title, objects, byDefault }, index) =>
          hang(
            `  ${index + 1}. `,
            `${title}: ${objects === 0 ? paint(style, 'warning', 'matched nothing') : count(objects, 'object')}${byDefault ? ' (because of the other distribution)' : ''}`,
            style.columns,
          ),
        ),
      ];

const RANK = { error: 0, warning: 1, info: 2 } as const;
/** Findings of one code before the rest is only counted. */
const SHOWN = 5;

const findingLines = (
  style: Style,
  { severity, code, object, message, hint }: Finding,
): readonly string[] => [
  ...hang(
    `  ${severityMark(style, severity)} `,
    `${object === undefined ? '' : `${object}: `}${message} ${paint(style, 'dim', `[${code}]`)}`,
    style.columns,
  ),
  ...(hint === undefined ? [] : hang('      ', paint(style, 'dim', hint), style.columns)),
];

/** What was found, the worst first; many of one code are told by a few. */
export const carriedFindings = (
  style: Style,
  { findings: found }: CarriedPlan,
  { full, ignored }: { readonly full: boolean; readonly ignored: readonly string[] },
): readonly string[] => {
  const findings = found.map((finding) =>
    ignored.includes(finding.code) && finding.severity === 'error'
      ? { ...finding, severity: 'warning' as const, message: `${finding.message}; ignored` }
      : finding,
  );
  if (findings.length === 0) return [];
  const byCode = new Map<string, Finding[]>();
  for (const finding of [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]))
    if (byCode.has(finding.code)) byCode.get(finding.code)?.push(finding);
    else byCode.set(finding.code, [finding]);
  const lines = [...byCode].flatMap(([code, all]) => {
    const shown = full ? all : all.slice(0, SHOWN);
    const left = all.length - shown.length;
    return [
      ...shown.flatMap((finding) => findingLines(style, finding)),
      ...(left === 0
        ? []
        : [paint(style, 'dim', `    ${symbol(style, 'more')} ${left} more of ${code} (-v shows all)`)]),
    ];
  });
  return ['', paint(style, 'strong', 'Findings'), ...lines];
};

/** Objects that are left out although they were carried. */
export const refusedLines = (style: Style, { refused }: CarriedPlan): readonly string[] =>
  refused.flatMap((key) => hang('  ! ', paint(style, 'warning', `${key}: left out`), style.columns));

/** The last line of figures. */
export const carriedTotals = (plan: Plan, { refused }: CarriedPlan): string => {
  const changes = plan.stages
    .flatMap(({ actions }) => actions)
    .filter(({ step }) => step === 'objects.restore')
    .flatMap((action) => action.changes);
  const of = (kind: string): number => changes.filter((change) => change.kind === kind).length;
  const totals = totalsOf(plan);
  return `Plan: ${of('add')} to create, ${of('change')} to change, ${of('unknown')} to be judged when their namespace or kind is there, ${totals.unchanged} kept, ${refused.length} left out; about ${duration(totals.seconds * 1000)}.`;
};

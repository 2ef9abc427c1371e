import { count } from '../core/text.js';
import type { Breach } from '../diagnosis/policy/check-policy.js';
import { excerpt } from './error-text.js';
import { hang } from './layout.js';
import { paint, type Style, severityMark, symbol } from './style.js';

const place = ({ location, object, path }: Breach): string =>
  location === undefined
    ? `${object} ${path}`
    : `${location.file}:${location.line}:${location.column} ${object}`;

const byRule = (breaches: readonly Breach[]): readonly (readonly [Breach, ...Breach[]])[] => {
  const groups = new Map<string, [Breach, ...Breach[]]>();
  for (const breach of breaches) {
    const group = groups.get(breach.rule);
    if (group === undefined) groups.set(breach.rule, [breach]);
    else group.push(breach);
  }
  return [...groups.values()];
};

const ruleText = (style: Style, group: readonly [Breach, ...Breach[]]): readonly string[] => {
  const [{ severity, title, rule, fix }] = group;
  return [
    ...hang(
      `${severityMark(style, severity)} `,
      `${paint(style, 'strong', title)} ${paint(style, 'dim', `[${rule}]`)}`,
      style.columns,
    ),
    ...group.flatMap((breach) => [
      ...hang(
        `  ${symbol(style, 'child')} `,
        `${paint(style, 'dim', place(breach))} ${breach.text}`,
        style.columns,
      ),
      ...(breach.location === undefined ? [] : excerpt(style, breach.location, undefined)),
    ]),
    ...hang(`  ${paint(style, 'dim', 'fix'.padEnd(5))}`, fix, style.columns),
    '',
  ];
};

const acceptedText = (style: Style, breach: Breach): readonly string[] =>
  breach.accepted === undefined
    ? []
    : hang(
        `  ${symbol(style, 'dash')} `,
        `${breach.rule}: ${breach.object}: accepted until ${breach.accepted.until}, ${breach.accepted.reason}`,
        style.columns,
      );

/** Breaches for people: by rule, each with its place and the line, then what exceptions accept, then the count. */
export const policyText = (style: Style, objects: number, breaches: readonly Breach[]): string => {
  const open = breaches.filter(({ accepted }) => accepted === undefined);
  const accepted = breaches.filter((breach) => breach.accepted !== undefined);
  const errors = open.filter(({ severity }) => severity === 'error').length;
  const head =
    open.length === 0
      ? `${symbol(style, 'good')} no rule is broken in ${count(objects, 'object')}`
      : `${count(errors, 'error')}, ${count(open.length - errors, 'warning')} in ${count(objects, 'object')}`;
  return [
    ...byRule(open).flatMap((group) => ruleText(style, group)),
    ...accepted.flatMap((breach) => acceptedText(style, breach)),
    ...(accepted.length === 0 ? [] : ['']),
    head,
    '',
  ].join('\n');
};

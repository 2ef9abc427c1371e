import { unreachable } from '../core/unreachable.js';
import type { Plan } from '../plan/model.js';
import { planMarkdown } from '../report/plan-markdown.js';
import { planText } from '../report/plan-text.js';
import type { CommandContext, ParsedArguments } from './command.js';

const FORMATS = ['text', 'json', 'markdown'] as const;

/** A plan in the format that `--output` asks for. */
export const planPrinted = (
  plan: Plan,
  next: string,
  args: ParsedArguments,
  { style }: Pick<CommandContext, 'style'>,
): string => {
  const format = FORMATS.find((each) => each === args.flags['output']) ?? 'text';
  switch (format) {
    case 'json':
      return `${JSON.stringify(plan, null, 2)}\n`;
    case 'markdown':
      return planMarkdown(plan, next);
    case 'text':
      return planText({ ...style, unicode: true }, plan, { next, full: args.flags['verbose'] === true });
    default:
      return unreachable(format);
  }
};

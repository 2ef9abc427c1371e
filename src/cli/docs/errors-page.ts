import type { CatalogueEntry } from '../../app/catalogue.js';
import { EXIT } from '../../core/exit-codes.js';
import { allCodes } from '../catalogue.js';

const entrySection = ({ code, title, explain, exit, source }: CatalogueEntry): string =>
  [
    `### ${code}`,
    `**${title}.** Exit code ${EXIT[exit]}.`,
    explain.trim(),
    ...(source === undefined ? [] : [`Source: ${source}`]),
  ].join('\n\n');

/** docs/errors.md: every code with the text of `drover explain`. */
export const errorsPage = (): string => {
  const areas = [...new Set(allCodes.map(({ area }) => area))];
  return `${[
    '# Codes',
    'Every error and finding has a code; `drover explain CODE` prints the same text. Made by `npm run generate`; a test compares them.',
    ...areas.flatMap((area) => [
      `## ${area}`,
      ...allCodes.filter((entry) => entry.area === area).map(entrySection),
    ]),
  ].join('\n\n')}\n`;
};

import type { CatalogueEntry } from '../../app/catalogue.js';
import { didYouMean } from '../../core/did-you-mean.js';
import { EXIT } from '../../core/exit-codes.js';
import { wrap } from '../../report/layout.js';
import { allCodes, findCode } from '../catalogue.js';
import type { CommandOutcome, Handler } from '../command.js';

/** Paragraphs are re-wrapped; indented lines, lists and code fences are kept as they are. */
const wrapMarkdown = (text: string, columns: number): string =>
  text
    .split(/\n{2,}/)
    .map((paragraph) => {
      const shaped = paragraph.split('\n').some((line) => /^(\s|[-*|]|\d+\.|```)/.test(line));
      return shaped ? paragraph : wrap(paragraph.replaceAll('\n', ' '), columns).join('\n');
    })
    .join('\n\n');

const entryText = (entry: CatalogueEntry, columns: number): string =>
  [
    `${entry.code}: ${entry.title}`,
    wrapMarkdown(entry.explain.trim(), Math.min(columns, 100)),
    ...(entry.source === undefined ? [] : [`Source: ${entry.source}`]),
    `Area: ${entry.area} · exit code ${EXIT[entry.exit]} (${entry.exit})`,
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');

const listText = (): string => {
  const width = Math.max(...allCodes.map(({ code }) => code.length));
  const areas = [...new Set(allCodes.map(({ area }) => area))];
  return areas
    .map((area) => {
      const lines = allCodes
        .filter((entry) => entry.area === area)
        .map(({ code, title }) => `  ${code.padEnd(width)}  ${title}`);
      return `${area}:\n${lines.join('\n')}\n`;
    })
    .join('\n');
};

const unknown = (code: string): CommandOutcome => {
  const meant = didYouMean(
    code,
    allCodes.map((entry) => entry.code),
  );
  return {
    exit: 'usage',
    errors: [
      {
        code: 'unknown-code',
        message: `no error or finding has the code '${code}'`,
        hint:
          meant === undefined
            ? 'drover explain lists all codes'
            : `did you mean ${meant}? drover explain ${meant}`,
      },
    ],
  };
};

export const run: Handler = ({ positionals, flags }, { print, style }) => {
  const [code] = positionals;
  const json = flags['output'] === 'json';
  if (code === undefined) {
    print(json ? `${JSON.stringify(allCodes, null, 2)}\n` : listText());
    return Promise.resolve({ exit: 'ok' });
  }
  const entry = findCode(code);
  if (entry === undefined) return Promise.resolve(unknown(code));
  print(json ? `${JSON.stringify(entry, null, 2)}\n` : entryText(entry, style.columns));
  return Promise.resolve({ exit: 'ok' });
};

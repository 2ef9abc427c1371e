import type { Document } from 'yaml';
import type { DroverError } from '../../core/error.js';
import type { SourceText } from './text.js';

const TABS = {
  code: 'spec-yaml-tab',
  message: 'YAML cannot be indented with tabs',
  hint: 'use spaces',
};

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');

/** What the parser complained about, in the words and with the places that a user needs. */
export const syntaxErrors = (
  source: SourceText,
  document: Document.Parsed | undefined,
  second: Document.Parsed | undefined,
): readonly DroverError[] => {
  const errors = (document?.errors ?? []).map(({ code, message, pos }): DroverError => {
    const location = source.locate(pos[0], pos[1]);
    if (code === 'TAB_AS_INDENT') return { ...TABS, location };
    if (code !== 'DUPLICATE_KEY') return { code: 'spec-yaml-syntax', message: lower(message), location };
    const end = /^[^:\s]+/.exec(source.text.slice(pos[0]))?.[0].length ?? 1;
    return {
      code: 'spec-duplicate-key',
      message: 'a key is written twice in one mapping',
      location: source.locate(pos[0], pos[0] + end),
      label: 'again here',
      hint: 'keep one of the two',
    };
  });
  if (second === undefined) return errors;
  return [
    ...errors,
    {
      code: 'spec-several-documents',
      message: 'one file holds one document',
      location: source.locate(second.contents?.range[0] ?? second.range[0]),
      label: 'a second one starts here',
      hint: 'put each document into a file of its own',
    },
  ];
};

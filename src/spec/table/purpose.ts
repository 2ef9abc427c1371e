import { normalise } from './columns.js';

/** Words of notes, French and English, that say what a host is for; the first that matches wins. */
const PURPOSES: readonly (readonly [purpose: string, words: readonly string[]])[] = [
  ['ai', ['ia', 'ai', 'gpu', 'llm', 'ml', 'lourds', 'lourd', 'heavy']],
  ['observability', ['observabilite', 'observability', 'monitoring', 'supervision', 'metrics', 'logs']],
  ['jobs', ['jobs', 'job', 'batch', 'cron', 'taches']],
  ['spare', ['reserve', 'spare', 'scalabilite', 'scalability', 'standby']],
  ['general', ['general', 'generaux', 'generale', 'generales', 'generic']],
];

/** The purpose that a note speaks of; undefined when it speaks of none, because any other note is just a note. */
export const purposeOfNotes = (notes: string): string | undefined => {
  const words = new Set(notes.split(/[^\p{L}\p{N}]+/u).map(normalise));
  return PURPOSES.find(([, known]) => known.some((word) => words.has(word)))?.[0];
};

/** A text as a label value: `Workloads lourds` becomes `workloads-lourds`. */
export const slug = (text: string): string | undefined => {
  const value = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return value === '' ? undefined : value;
};

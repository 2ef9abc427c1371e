import type { Command } from '../command.js';
import { collectCandidates } from './candidates.js';
import { completeWords } from './complete.js';

/** Answers a shell's `drover complete -- WORDS…`. */
export const completeHere = async (words: readonly string[], commands: readonly Command[]): Promise<string> =>
  completeWords(words, commands, await collectCandidates(words, process.cwd(), process.env));

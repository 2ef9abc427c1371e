import { styleText } from 'node:util';
import type { Severity } from '../core/events/finding.js';

/** What the place that text goes to can show. */
export interface Style {
  readonly color: boolean;
  /** Symbols and lines beyond ASCII. */
  readonly unicode: boolean;
  /** Width to wrap at. */
  readonly columns: number;
}

const TONES = {
  error: ['red', 'bold'],
  warning: ['yellow', 'bold'],
  info: ['cyan', 'bold'],
  good: ['green'],
  dim: ['dim'],
  strong: ['bold'],
} as const;
export type Tone = keyof typeof TONES;

/** Colours text when the style has colour. Meaning never depends on it: symbols and words carry it too. */
export const paint = (style: Style, tone: Tone, text: string): string =>
  style.color && text !== '' ? styleText([...TONES[tone]], text, { validateStream: false }) : text;

const SYMBOLS = {
  good: ['✓', 'ok'],
  error: ['✗', 'x'],
  warning: ['!', '!'],
  info: ['i', 'i'],
  unknown: ['?', '?'],
  asked: ['▸', '>'],
  arrow: ['→', '->'],
  dot: ['·', '-'],
  dash: ['–', '-'],
  child: ['└', '`'],
  more: ['…', '...'],
} as const;
export type SymbolName = keyof typeof SYMBOLS;

export const symbol = (style: Style, name: SymbolName): string => SYMBOLS[name][style.unicode ? 0 : 1];

export const severityMark = (style: Style, severity: Severity): string =>
  paint(style, severity, symbol(style, severity));

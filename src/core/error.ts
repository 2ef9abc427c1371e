import type { ExitReason } from './exit-codes.js';

/** A place in a file that the user wrote. Lines and columns count from 1; `length` is in characters. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length?: number;
  /** The whole source line, without its line end, so that renderers can draw a caret without reading files. */
  readonly text?: string;
}

/**
 * An expected failure as a user meets it: what, where, why, what state the world is in, how to go on.
 * `code` is a key of an {@link ErrorCatalogue}; `drover explain CODE` prints its long text.
 */
export interface DroverError {
  readonly code: string;
  /** One sentence, no full stop, no secrets, control characters stripped. */
  readonly message: string;
  readonly host?: string;
  readonly location?: SourceLocation;
  /** Text under the caret. */
  readonly label?: string;
  readonly cause?: string;
  /** What state the world is in now, e.g. "nothing was changed". */
  readonly state?: string;
  /** How to go on: a sentence or a command. */
  readonly hint?: string;
}

/** What is known about a code before it happens. */
export interface ErrorKind {
  readonly title: string;
  readonly exit: ExitReason;
  /** Markdown: what it means, why it happens, what to do. */
  readonly explain: string;
}

/** Codes are kebab-case and unique over the whole of Drover (a test checks it). */
export type ErrorCatalogue<Code extends string = string> = Readonly<Record<Code, ErrorKind>>;

/** Declares the errors of one area with their codes kept as literal types. */
export const defineErrors = <Code extends string>(catalogue: ErrorCatalogue<Code>): ErrorCatalogue<Code> =>
  catalogue;

/** Several problems found together are reported together. */
export type DroverErrors = readonly [DroverError, ...DroverError[]];

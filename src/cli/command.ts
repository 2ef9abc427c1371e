import type { DroverErrors } from '../core/error.js';
import type { Emit } from '../core/events/event.js';
import type { ExitReason } from '../core/exit-codes.js';
import type { Realm, RealmPaths } from '../core/realm.js';
import type { ReportKind } from '../report/open.js';

/** A command-line option, declared once: parsing, help, docs and completion derive from it. */
export interface Flag {
  /** Long name without dashes. */
  readonly name: string;
  readonly short?: string;
  /** Placeholder of its value; absent = a switch. `optionalValue`: the value may be left out. */
  readonly value?: string;
  readonly optionalValue?: boolean;
  readonly repeatable?: boolean;
  readonly choices?: readonly string[];
  /** Beside its choices the value may be a file name with this ending: `.json`. */
  readonly orFile?: string;
  readonly default?: string;
  /** Environment variable with the same meaning (flag > environment > file > default). */
  readonly env?: string;
  readonly summary: string;
}

export interface Argument {
  readonly name: string;
  readonly required: boolean;
  readonly variadic?: boolean;
  readonly summary: string;
  /** What completion offers: hosts of the spec, fault names, error codes, labs … */
  readonly complete?: 'host' | 'fault' | 'code' | 'lab' | 'file' | 'path';
}

export interface ParsedArguments {
  readonly positionals: readonly string[];
  /** Switches are true/false, values strings, repeatable ones arrays; absent = undefined. */
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** What a handler may use of the outside world; made by main, faked by tests. */
export interface CommandContext {
  readonly realm: Realm;
  readonly paths: RealmPaths;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Progress, diagnostics and findings: drawn by the chosen renderer on stderr, or as JSON lines. */
  readonly emit: Emit;
  /** The result, on stdout. */
  readonly print: (text: string) => void;
  /** Colour and width of stdout. */
  readonly style: { readonly color: boolean; readonly columns: number };
  /** May questions be asked: stdin and stderr are terminals, no CI, no --no-input. */
  readonly interactive: boolean;
  readonly signal: AbortSignal;
  /** See `Signals.hard`. */
  readonly hard: () => AbortSignal;
}

/** How a command ended: an exit reason, and errors when it failed. */
export type CommandOutcome =
  | { readonly exit: ExitReason }
  | { readonly exit?: ExitReason; readonly errors: DroverErrors };

export type Handler = (args: ParsedArguments, context: CommandContext) => Promise<CommandOutcome>;

/** A command as data. The handler's module is imported only when the command runs. */
export interface Command {
  /** Words after `drover`: `doctor`, `lab up`, `config validate`. */
  readonly name: string;
  readonly summary: string;
  /** Paragraphs below the summary in help and docs. */
  readonly description?: string;
  readonly arguments: readonly Argument[];
  readonly flags: readonly Flag[];
  readonly examples: readonly { readonly command: string; readonly text: string }[];
  /** Exit reasons it can end with, besides ok, failure, usage and signals. */
  readonly exits: readonly ExitReason[];
  /** False for commands that must not enter a lab's network namespace themselves (lab up, explain …). */
  readonly entersLab: boolean;
  /** Set when the result is a report drawn from the events; `-o` then selects among the report formats. */
  readonly report?: ReportKind;
  readonly load: () => Promise<{ readonly run: Handler }>;
}

export const defineCommand = (command: Command): Command => command;

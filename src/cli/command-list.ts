import type { Command } from './command.js';
import { completion } from './commands/completion.js';
import { explain } from './commands/explain.js';
import { help } from './commands/help.js';
import { version } from './commands/version.js';

/** Every command, in the order of help and docs. A new command is one file in `commands/` and one line here. */
export const commands: readonly Command[] = [explain, completion, help, version];

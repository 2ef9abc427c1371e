import type { Command } from './command.js';
import { completion } from './commands/completion.js';
import { explain } from './commands/explain.js';
import { help } from './commands/help.js';
import { labCrash } from './commands/lab-crash.js';
import { labDown } from './commands/lab-down.js';
import { labPartition } from './commands/lab-partition.js';
import { labReset } from './commands/lab-reset.js';
import { labSnapshot } from './commands/lab-snapshot.js';
import { labSsh } from './commands/lab-ssh.js';
import { labStart } from './commands/lab-start.js';
import { labStatus } from './commands/lab-status.js';
import { labStop } from './commands/lab-stop.js';
import { labThrottle } from './commands/lab-throttle.js';
import { labUp } from './commands/lab-up.js';
import { version } from './commands/version.js';

/** Every command, in the order of help and docs. A new command is one file in `commands/` and one line here. */
export const commands: readonly Command[] = [
  labUp,
  labDown,
  labStatus,
  labSsh,
  labStop,
  labStart,
  labCrash,
  labPartition,
  labThrottle,
  labSnapshot,
  labReset,
  explain,
  completion,
  help,
  version,
];

#!/usr/bin/env node
import { EXIT } from '../core/exit-codes.js';
import { commands } from './command-list.js';
import { parseCommandLine } from './program.js';
import { tolerateClosedPipe } from './streams.js';

tolerateClosedPipe(process.stdout);
tolerateClosedPipe(process.stderr);

/** Help and usage errors need nothing else loaded; everything beyond them is imported when it is needed. */
const main = async (argv: readonly string[]): Promise<number> => {
  if (argv[0] === 'complete' && argv[1] === '--') {
    const { completeHere } = await import('./completion/complete-here.js');
    process.stdout.write(await completeHere(argv.slice(2), commands));
    return EXIT.ok;
  }
  const invocation = parseCommandLine(argv, commands, process.env);
  switch (invocation.kind) {
    case 'help':
      process.stdout.write(invocation.text);
      return EXIT.ok;
    case 'version':
      return main(['version']);
    case 'usage': {
      const { printUsageError } = await import('./usage-error.js');
      return printUsageError(invocation.error, argv);
    }
    case 'run': {
      const { execute } = await import('./execute.js');
      return execute(invocation.command, invocation.args);
    }
  }
};

process.exitCode = await main(process.argv.slice(2));

import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { toolVersion } from '../app/version.js';
import type { DroverError } from '../core/error.js';
import { EXIT } from '../core/exit-codes.js';
import type { Realm, RealmPaths } from '../core/realm.js';
import { ok, type Result } from '../core/result.js';
import { bugBanner } from './bug.js';
import type { Command, CommandContext, CommandOutcome, ParsedArguments } from './command.js';
import { exitCodeOf } from './exit.js';
import { runnable } from './printed-name.js';
import { realmOf, realPaths } from './realm.js';
import { openReporter, type Reporter } from './reporter.js';
import { type Signals, watchSignals } from './signals.js';
import { factsOf } from './streams.js';
import { type ColorWhen, isInteractive, isLive, styleOf } from './terminal-facts.js';
import { printUsageError } from './usage-error.js';

type Flags = ParsedArguments['flags'];

interface Place {
  readonly realm: Realm;
  readonly paths: RealmPaths;
}

/**
 * The realm of this process. Inside a lab the process must prove that it is in the lab's network. DROVER_STATE_DIR names
 * another folder for runs, saved facts and, in a lab, the identity.
 */
const findPlace = async (cwd: string): Promise<Result<Place, DroverError>> => {
  const place = await placeOfRealm(cwd);
  const folder = process.env['DROVER_STATE_DIR'];
  if (!place.ok || folder === undefined || folder === '') return place;
  return ok({ ...place.value, paths: { ...place.value.paths, stateDir: resolve(cwd, folder) } });
};

const placeOfRealm = async (cwd: string): Promise<Result<Place, DroverError>> => {
  const realm = realmOf(process.env);
  if (realm.kind === 'real') return ok({ realm, paths: realPaths(cwd, process.env, homedir()) });
  const { placeInLab } = await import('./lab-realm.js');
  return placeInLab(realm.name, process.env);
};

const colorWhen = (flags: Flags): ColorWhen =>
  flags['no-color'] === true ? 'never' : ((flags.color as ColorWhen | undefined) ?? 'auto');

const makeContext = (
  flags: Flags,
  place: Place,
  reporter: Reporter,
  { signal, hard }: Pick<Signals, 'signal' | 'hard'>,
): CommandContext => ({
  ...place,
  cwd: process.cwd(),
  env: process.env,
  emit: reporter.emit,
  print: (text) =>
    process.stdout.write(
      flags.output === undefined || flags.output === 'text' ? runnable(text, process.env) : text,
    ),
  style: styleOf(factsOf(process.stdout), colorWhen(flags), process.env),
  interactive: isInteractive(
    { stdin: factsOf(process.stdin), stderr: factsOf(process.stderr) },
    process.env,
    flags['no-input'] === true,
  ),
  signal,
  hard,
});

const openFor = (command: Command, flags: Flags, realm: Realm): Result<Reporter, DroverError> => {
  const color = colorWhen(flags);
  return openReporter({
    command,
    flags,
    env: process.env,
    realm,
    tool: toolVersion(),
    sinks: {
      result: (text) => process.stdout.write(flags.output === 'text' ? runnable(text, process.env) : text),
      progress: (text) => process.stderr.write(runnable(text, process.env)),
    },
    resultStyle: styleOf(factsOf(process.stdout), color, process.env),
    progressStyle: styleOf(factsOf(process.stderr), color, process.env),
    live: isLive(factsOf(process.stderr), process.env),
  });
};

const reportBug = (error: unknown, command: Command): void => {
  process.stderr.write(
    bugBanner(error, {
      version: toolVersion(),
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      command: command.name,
      home: homedir(),
    }),
  );
};

/** Runs the handler and tells its errors; a bug is told apart from an expected failure. */
const runHandler = async (
  command: Command,
  args: ParsedArguments,
  context: CommandContext,
): Promise<CommandOutcome | undefined> => {
  try {
    const { run } = await command.load();
    const outcome = await run(args, context);
    if ('errors' in outcome) {
      for (const error of outcome.errors) context.emit({ type: 'diagnostic', severity: 'error', error });
    }
    return outcome;
  } catch (error) {
    if (!context.signal.aborted) reportBug(error, command);
    return context.signal.aborted ? { exit: 'interrupted' } : undefined;
  }
};

const runHere = async (command: Command, args: ParsedArguments): Promise<number> => {
  const place = await findPlace(process.cwd());
  if (!place.ok) return printUsageError(place.error, process.argv);
  const reporter = openFor(command, args.flags, place.value.realm);
  if (!reporter.ok) return printUsageError(reporter.error, process.argv);
  const { emit, close } = reporter.value;
  const signals = watchSignals(process, {
    say: (text) => emit({ type: 'note', level: 'warning', text }),
    end: (reason) => {
      close();
      process.exit(EXIT[reason]);
    },
  });
  const outcome = await runHandler(
    command,
    args,
    makeContext(args.flags, place.value, reporter.value, signals),
  );
  close();
  signals.dispose();
  return exitCodeOf(outcome, signals.reason());
};

/** Runs a command here, or again inside the lab that --lab names. */
export const execute = async (command: Command, args: ParsedArguments): Promise<number> => {
  const { chdir, lab } = args.flags;
  if (typeof chdir === 'string') {
    try {
      process.chdir(chdir);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      return printUsageError(
        { code: 'bad-usage', message: `--chdir: cannot enter '${chdir}'`, cause, state: 'nothing was done' },
        process.argv,
      );
    }
  }
  if (lab === undefined || !command.entersLab || realmOf(process.env).kind === 'lab')
    return runHere(command, args);
  const { runInLab } = await import('./lab-realm.js');
  return runInLab(lab === true ? undefined : String(lab));
};

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import type { Result } from '../../core/result.js';
import type { LabContext } from '../context.js';
import { invokingUser } from '../invoker.js';
import { type CacheSlot, lookup, make } from './cache.js';
import { coldEstimate, compile } from './compile.js';
import { keepDigest } from './kept-digest.js';
import { programKey } from './key.js';
import { buildHome, SOURCES } from './paths.js';
import type { GoProgram } from './programs.js';
import { findGo, type Go } from './toolchain.js';

/** A compiled program in the cache. */
export interface BuiltProgram {
  readonly name: string;
  readonly version: string;
  readonly key: string;
  /** The executable. */
  readonly path: string;
  /** How long compiling took just now, in ms; absent when it was there already. */
  readonly compiledMs?: number;
}

/** Where programs are compiled from; the default is the project's own lab/ directory. */
export interface BuildPlace {
  readonly sources?: string;
}

const slotOf = async (program: GoProgram, env: LabContext['env'], sources: string): Promise<CacheSlot> => ({
  home: join(buildHome(env), 'programs', program.name),
  key: await programKey(program, sources),
  owner: invokingUser(env),
});

const compileInto = async (
  program: GoProgram,
  context: LabContext,
  place: { readonly slot: CacheSlot; readonly sources: string },
): Promise<Result<string, DroverError>> => {
  const found = await findGo(context.env);
  if (!found.ok) return found;
  const go: Go = found.value;
  const { slot, sources } = place;
  const estimate = coldEstimate(program.cpuSeconds);
  const text = `compiling ${program.title} ${program.version}: about ${estimate} if Go has nothing cached`;
  context.emit({ type: 'note', level: 'info', text });
  return make(slot, async (directory) => {
    const output = join(directory, program.name);
    const done = await compile({ program, go, sources, owner: invokingUser(context.env), output }, context);
    const record = { name: program.name, version: program.version, key: slot.key, go: go.version.join('.') };
    if (!done.ok) return done;
    await Promise.all([
      writeFile(join(directory, 'made.json'), `${JSON.stringify(record, null, 2)}\n`),
      keepDigest(output),
    ]);
    return done;
  });
};

/** The program from the cache, compiled first when it is not there. A program that is there starts no process. */
export const buildProgram = async (
  program: GoProgram,
  context: LabContext,
  place: BuildPlace = {},
): Promise<Result<BuiltProgram, DroverError>> => {
  const sources = place.sources ?? SOURCES;
  const slot = await slotOf(program, context.env, sources);
  const built = { name: program.name, version: program.version, key: slot.key };
  const present = await lookup(slot, new Date(context.clock.now()));
  if (present !== undefined) return { ok: true, value: { ...built, path: join(present, program.name) } };
  const started = context.clock.monotonic();
  const made = await compileInto(program, context, { slot, sources });
  if (!made.ok) return made;
  const compiledMs = context.clock.monotonic() - started;
  return { ok: true, value: { ...built, path: join(made.value, program.name), compiledMs } };
};

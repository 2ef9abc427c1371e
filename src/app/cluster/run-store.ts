import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DroverError } from '../../core/error.js';
import type { Clock } from '../../core/ports/clock.js';
import type { Random } from '../../core/ports/random.js';
import { err, ok, type Result } from '../../core/result.js';
import { type Plan, planSchema } from '../../plan/model.js';
import { type Journal, openJournal } from '../../run/journal.js';
import { decodeJournal, type JournalLine } from '../../run/journal-line.js';
import { progressOf, type RunProgress } from '../../run/progress.js';
import { itemsOf } from '../../run/rollback/items-of.js';
import type { ApplyContext } from '../../steps/step.js';

/** `20261121-101500-3fa9`: sorts by time, unique enough for people to tell apart. */
export const newRunId = (clock: Clock, random: Random): string => {
  const time = new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${time}-${Buffer.from(random.bytes(2)).toString('hex')}`;
};

export interface StoredRun {
  readonly id: string;
  readonly plan: Plan;
  readonly lines: readonly JournalLine[];
  readonly progress: RunProgress;
  /** Length in bytes of the whole lines. */
  readonly length: number;
}

const folderOf = (stateDir: string, id: string): string => join(stateDir, 'runs', id);

export const journalPath = (stateDir: string, id: string): string =>
  join(folderOf(stateDir, id), 'journal.jsonl');

/** Makes the folder of a run with its plan, and an empty journal. */
export const createRun = async (stateDir: string, id: string, plan: Plan, clock: Clock): Promise<Journal> => {
  const folder = folderOf(stateDir, id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 });
  return openJournal({ path: journalPath(stateDir, id), clock });
};

/** Removes a run that has not begun. */
export const dropRun = (stateDir: string, id: string): Promise<void> =>
  rm(folderOf(stateDir, id), { recursive: true, force: true });

/** Writes a run as another machine had it. The journal comes last: without it there is no run. */
export const placeRun = async (
  stateDir: string,
  run: { readonly id: string; readonly plan: Plan; readonly journal: string },
): Promise<void> => {
  const folder = folderOf(stateDir, run.id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'plan.json'), `${JSON.stringify(run.plan, null, 2)}\n`, { mode: 0o600 });
  const path = journalPath(stateDir, run.id);
  await writeFile(`${path}.new`, run.journal, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
};

/** Ids of the runs that are kept here, oldest first. */
export const listRuns = async (stateDir: string): Promise<readonly string[]> => {
  try {
    return (await readdir(join(stateDir, 'runs'))).sort();
  } catch {
    return [];
  }
};

/** Where a run belongs. */
export interface RunPlace {
  readonly cluster: string;
  readonly realm: string;
}

export const isOf = ({ cluster, realm }: RunPlace, plan: Plan): boolean =>
  plan.realm === realm && plan.cluster.name === cluster;

export const wrongCluster = ({ cluster, realm }: RunPlace, { id, plan }: StoredRun): DroverError => ({
  code: 'run-wrong-cluster',
  message: `run ${id} was made for ${plan.realm}/${plan.cluster.name}, not for ${realm}/${cluster}`,
  state: 'nothing was changed',
});

export const runNotFound = (id: string | undefined): DroverError => ({
  code: 'run-not-found',
  message: id === undefined ? 'there is no run here' : `there is no run ${id} here`,
  state: 'nothing was changed',
  hint: '`drover runs` lists the runs; runs are kept in the folder where they were started',
});

/** Reads a run with its whole history; without an id the newest one. */
export const loadRun = async (
  stateDir: string,
  id: string | undefined,
): Promise<Result<StoredRun, DroverError>> => {
  const all = await listRuns(stateDir);
  const chosen = id ?? all.at(-1);
  if (chosen === undefined || !all.includes(chosen)) return err(runNotFound(id));
  const folder = folderOf(stateDir, chosen);
  const plan = planSchema.safeParse(JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')));
  if (!plan.success)
    return err({
      code: 'plan-unreadable',
      message: `the plan of run ${chosen} cannot be read`,
      cause: plan.error.message,
    });
  const text = await readFile(journalPath(stateDir, chosen), 'utf8');
  const journal = decodeJournal(text);
  if (!journal.ok) {
    return err({
      code: 'journal-damaged',
      message: `line ${journal.error.line} of the journal of run ${chosen} ${journal.error.detail}`,
      state: 'nothing was changed',
    });
  }
  const { lines, torn } = journal.value;
  return ok({
    id: chosen,
    plan: plan.data,
    lines,
    progress: progressOf(lines.map(({ event }) => event)),
    length: Buffer.byteLength(text) - Buffer.byteLength(torn),
  });
};

/** Items of actions of the runs that are kept here; each journal is read once. */
export const storedItems = (stateDir: string): ApplyContext['itemsOf'] => {
  const runs = new Map<string, Promise<Result<StoredRun, DroverError>>>();
  return async (run, action) => {
    const loading = runs.get(run) ?? loadRun(stateDir, run);
    runs.set(run, loading);
    const loaded = await loading;
    if (loaded.ok)
      return ok(
        itemsOf(
          loaded.value.lines.map(({ event }) => event),
          action,
        ),
      );
    const { code, message, cause } = loaded.error;
    return err({ class: 'permanent', code, message, ...(cause === undefined ? {} : { cause }) });
  };
};

/** All runs that can be read, oldest first. */
export const allRuns = async (stateDir: string): Promise<StoredRun[]> => {
  const runs: StoredRun[] = [];
  for (const id of await listRuns(stateDir)) {
    const loaded = await loadRun(stateDir, id);
    if (loaded.ok) runs.push(loaded.value);
  }
  return runs;
};

/** Opens the journal of a run again, behind its last whole line. */
export const reopenJournal = (stateDir: string, run: StoredRun, clock: Clock): Promise<Journal> => {
  const last = run.lines.at(-1);
  const path = journalPath(stateDir, run.id);
  return last === undefined
    ? openJournal({ path, clock, replace: true })
    : openJournal({ path, clock, last, keep: run.length });
};

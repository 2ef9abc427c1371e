import { ok } from '../../src/core/result.js';
import { actionFolder } from '../../src/run/remote/compose.js';
import type { HostEffects } from '../../src/steps/effects.js';

/** Drover was killed. */
export class Crash extends Error {}

/** Hosts that keep files and save points as real ones do, but in memory. */
interface FakeHost {
  readonly files: Map<string, string>;
  /** By folder of an action, then by file: what was there, and what the action left. */
  readonly saved: Map<string, Map<string, { readonly before: string; left?: string }>>;
}

export const ABSENT = 'absent';

/** A word of the survey's lines. */
export const word = (text: string): string => `=${Buffer.from(text).toString('base64')}`;

const verdictOf = (now: string, before: string, left: string | undefined): string => {
  if (now === before) return 'saved';
  if (left === undefined) return 'unknown';
  return now === left ? 'left' : 'foreign';
};

/** A host with these files; `effects` belong to one action and end when `alive` says so. */
export const hostWith = (files: Readonly<Record<string, string>>) => {
  const host: FakeHost = { files: new Map(Object.entries(files)), saved: new Map() };
  const now = (path: string): string => host.files.get(path) ?? ABSENT;
  const put = (path: string, content: string): void => {
    if (content === ABSENT) host.files.delete(path);
    else host.files.set(path, content);
  };
  const output = (stdout: string, status = 0, stderr = '') => ok({ status, stdout, stderr });
  const read: HostEffects['read'] = (script) => {
    const parts = [...script.matchAll(/^echo '@ (.+)'\nDROVER_ACTION='([^']+)'/gm)];
    const lines = parts.flatMap(([, action = '', folder = '']) => [
      `@ ${action}`,
      ...[...(host.saved.get(folder) ?? [])].map(
        ([path, { before, left }], index) =>
          `${index + 1} file ${verdictOf(now(path), before, left)} ${word(path)} ${word(before)} ${word(now(path))}`,
      ),
    ]);
    return Promise.resolve(output(lines.join('\n')));
  };
  const effects = (run: string, action: string, alive: () => boolean): HostEffects => ({
    read,
    files: async (goals) => {
      const folder = actionFolder(run, action);
      const things = host.saved.get(folder) ?? new Map<string, { before: string; left?: string }>();
      host.saved.set(folder, things);
      for (const { path, content } of goals) {
        if (!things.has(path)) things.set(path, { before: now(path) });
        await Promise.resolve();
        if (!alive()) throw new Crash();
        put(path, content === undefined ? ABSENT : String(content));
      }
      for (const [path, thing] of things) thing.left = now(path);
      return ok(undefined);
    },
    change: async (script) => {
      const folder = /DROVER_ACTION='([^']+)'/.exec(script)?.[1] ?? '';
      const things = [...(host.saved.get(folder) ?? [])];
      const foreign = things.filter(
        ([path, { before, left }]) => verdictOf(now(path), before, left) === 'foreign',
      );
      if (foreign.length > 0 && script.includes("DROVER_OVERWRITE='no'"))
        return output('', 21, foreign.map(([path]) => `file ${path}`).join('\n'));
      for (const [path, { before }] of things.reverse()) {
        await Promise.resolve();
        if (!alive()) throw new Crash();
        put(path, before);
      }
      return output('');
    },
    keepUnit: () => Promise.reject(new Error('no units here')),
    confirm: () => Promise.reject(new Error('no timers here')),
    upload: () => Promise.reject(new Error('nothing is uploaded')),
  });
  return { host, read, effects };
};

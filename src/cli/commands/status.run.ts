import { watch } from 'node:fs/promises';
import { dirname } from 'node:path';
import { journalPath, loadRun } from '../../app/cluster/run-store.js';
import type { DroverError } from '../../core/error.js';
import type { Result } from '../../core/result.js';
import { whenAborted } from '../../core/signals.js';
import { statusText } from '../../report/status-text.js';
import { type RunStatus, statusOf } from '../../run/run-status.js';
import type { CommandContext, Handler } from '../command.js';

/** Clears the screen, on a terminal alone. */
const CLEAR = '\u001b[H\u001b[2J';

const printed = (status: RunStatus, json: boolean, { style }: CommandContext): string =>
  json ? `${JSON.stringify(status)}\n` : statusText({ ...style, unicode: true }, status);

/** Each change of the journal, beginning with what is there now, until the run has ended or the signal aborts. */
async function* changes(
  stateDir: string,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Result<RunStatus, DroverError>> {
  const ended = new AbortController();
  const events = watch(dirname(journalPath(stateDir, id)), { signal: ended.signal })[Symbol.asyncIterator]();
  const forget = whenAborted(signal, () => ended.abort());
  try {
    for (let known = ''; ; ) {
      // Asked for before reading, which is when watching begins: a line that comes in between is not missed.
      const change = events.next().then(
        () => true,
        () => false,
      );
      const loaded = await loadRun(stateDir, id);
      const status = loaded.ok ? statusOf(loaded.value) : undefined;
      const text = JSON.stringify(status);
      if (!loaded.ok) yield loaded;
      else if (text !== known && status !== undefined) yield { ok: true, value: status };
      if (!loaded.ok || status?.outcome !== 'open') return;
      known = text;
      // False: the person has seen enough.
      if (!(await change)) return;
    }
  } finally {
    forget();
    ended.abort();
  }
}

export const run: Handler = async (args, context) => {
  const { stateDir } = context.paths;
  const json = args.flags['output'] === 'json';
  const loaded = await loadRun(stateDir, args.positionals[0]);
  if (!loaded.ok) return { errors: [loaded.error] };
  if (args.flags['watch'] !== true) {
    context.print(printed(statusOf(loaded.value), json, context));
    return { exit: 'ok' };
  }
  for await (const status of changes(stateDir, loaded.value.id, context.signal)) {
    if (!status.ok) return { errors: [status.error] };
    const clear = context.interactive && !json ? CLEAR : '';
    context.print(clear + printed(status.value, json, context));
  }
  return { exit: 'ok' };
};

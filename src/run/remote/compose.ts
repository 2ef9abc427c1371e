import { readFileSync } from 'node:fs';
import { sha256 } from '../../core/canonical.js';
import { shellQuote } from '../../core/shell.js';
import type { Saved } from './saved.js';

const piece = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Where Drover keeps results and pre-images on a host (mode 0700). */
export const HOST_STATE = '/var/lib/drover';

export interface Call {
  readonly run: string;
  readonly action: string;
  /** Counts the calls of one attempt, so that equal scripts of one action stay apart. */
  readonly number: number;
  readonly cluster: string;
  readonly fencing: number;
  /** POSIX sh; `data` prints the input, save_* and put_file save before they change. */
  readonly script: string;
  /** See `ChangeOptions.deadManSeconds`. */
  readonly deadManSeconds?: number;
}

/** File and unit names: what is not plain becomes `_`, so that `k3s.server/cp-1` names a folder. */
export const hostName = (text: string): string => text.replace(/[^A-Za-z0-9.-]/g, '_');

/** The folder of an action on a host. */
export const actionFolder = (run: string, action: string): string =>
  `${HOST_STATE}/${hostName(run)}/${hostName(action)}`;

/** `drover-RUN-ACTION` plus the number of the call. */
export const unitName = (call: Pick<Call, 'run' | 'action' | 'number'>): string =>
  `drover-${hostName(call.run)}-${hostName(call.action)}-${call.number}.service`;

/** Timer and service of an action's dead-man switch. */
export const rescueUnit = (call: Pick<Call, 'run' | 'action'>): string =>
  `drover-rescue-${sha256(`${call.run} ${call.action}`).slice(0, 16)}`;

/** A here-document whose delimiter is derived from the text, so that no line of the text can be the delimiter. */
const hereDocument = (path: string, text: string): string => {
  const mark = `DROVER_${sha256(text).slice(0, 16)}`;
  return `cat >${path} <<'${mark}' && sync ${path} || exit 73\n${text}\n${mark}`;
};

const assignments = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${shellQuote(String(value))}`)
    .join('\n');

const armText = (call: Call, seconds: number): string =>
  [
    assignments({ RESCUE: rescueUnit(call), RESCUE_AFTER: seconds }),
    hereDocument(
      '"$DROVER_ACTION/rescue"',
      [
        assignments({
          DROVER_ACTION: actionFolder(call.run, call.action),
          DROVER_UNITS: unitName({ ...call, number: 0 }).replace('0.service', '*.service'),
        }),
        piece('rescue.sh'),
        restoreScript(),
      ].join('\n'),
    ),
    piece('arm.sh'),
  ].join('\n');

/**
 * The sh text that runs one call as a transient unit, attaches to it when it still runs, or repeats its result
 * when it already succeeded. Its standard input is the call's data in base64, `base64Length` characters.
 */
export const unitScript = (call: Call, base64Length: number): string => {
  const action = actionFolder(call.run, call.action);
  const folder = `${action}/${call.number}-${sha256(call.script).slice(0, 12)}`;
  const names = { DROVER_ACTION: action, DROVER_CALL: folder, DROVER_BYTES: base64Length };
  const own = [
    assignments(names),
    piece('call.sh'),
    piece('save-points.sh'),
    piece('states.sh'),
    ...(call.deadManSeconds === undefined ? [] : [armText(call, call.deadManSeconds)]),
    '(',
    call.script,
    ')',
    'status=$?',
    'note_left',
    'finish "$status"',
  ].join('\n');
  return [
    assignments({
      ...names,
      DROVER_UNIT: unitName(call),
      DROVER_CLUSTER: hostName(call.cluster),
      DROVER_FENCE: call.fencing,
      RESCUE: rescueUnit(call),
    }),
    piece('fence.sh'),
    piece('tell-saved.sh'),
    piece('running.sh'),
    piece('unit.sh'),
    hereDocument('"$DROVER_CALL/script"', own),
    'systemd-run --quiet --pipe --wait --collect --unit="$DROVER_UNIT" --property=KillMode=mixed sh "$DROVER_CALL/script"',
    '[ -e "$DROVER_CALL/result" ] && answer',
    piece('rescued.sh'),
    'echo "the unit $DROVER_UNIT ended without a result" >&2',
    'exit 70',
    '',
  ].join('\n');
};

/**
 * The sh text that disarms the dead-man timer of an action. Exit status 76 = the host has put everything back
 * already. Harmless when the timer was disarmed before.
 */
export const confirmScript = (call: Omit<Call, 'script' | 'number'>): string =>
  [
    assignments({
      DROVER_ACTION: actionFolder(call.run, call.action),
      DROVER_CLUSTER: hostName(call.cluster),
      DROVER_FENCE: call.fencing,
      RESCUE: rescueUnit(call),
    }),
    piece('fence.sh'),
    piece('running.sh'),
    piece('confirm.sh'),
    piece('rescued.sh'),
  ].join('\n');

/** What an upload needs beside the bytes on its standard input. */
export interface UploadCall extends Omit<Call, 'script' | 'number'> {
  readonly path: string;
  readonly mode: string;
  readonly owner: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * The sh text that receives a file of known length and digest: it gets its name only when both fit, so that a cut
 * upload changes nothing. Does not run in a unit: bytes that are lost with the connection could not be attached to.
 */
export const uploadScript = (call: UploadCall): string =>
  [
    assignments({
      DROVER_ACTION: actionFolder(call.run, call.action),
      DROVER_CLUSTER: hostName(call.cluster),
      DROVER_FENCE: call.fencing,
      path: call.path,
      mode: call.mode,
      owner: call.owner,
      digest: call.sha256,
      bytes: call.bytes,
    }),
    piece('fence.sh'),
    piece('save-points.sh'),
    piece('states.sh'),
    piece('tell-saved.sh'),
    piece('upload.sh'),
  ].join('\n');

/** The sh text that puts back what an action saved. */
export const restoreScript = (): string =>
  [piece('save-points.sh'), piece('states.sh'), piece('restore.sh')].join('\n');

/** What an undo needs to know of the action whose save points it puts back. */
export interface UndoCall {
  readonly run: string;
  readonly action: string;
  /** Put back also what others have changed since. */
  readonly overwrite: boolean;
  /** Somebody agreed, by naming the cluster, that data of the saved scripts' subjects is deleted. */
  readonly dataAgreed: boolean;
  /** Leave things as they are whose saved state is damaged. */
  readonly leaveDamaged: boolean;
  /** What the journal knows of saved things; undefined = the run was killed before it could know. */
  readonly saved: Saved | undefined;
}

const savedNames = (saved: Saved | undefined) => ({
  DROVER_SAVED: saved?.digest ?? '',
  DROVER_THINGS: saved?.things ?? 0,
});

/**
 * The sh text that takes one action back: it first looks whether what was saved is whole, and whether others changed
 * something meanwhile. Exit status 22 = it is damaged, 21 = they did: nothing was touched; 20 = data would be lost that
 * nobody agreed to lose.
 */
export const undoScript = (call: UndoCall): string => {
  const folder = actionFolder(call.run, call.action);
  return [
    assignments({
      DROVER_ACTION: folder,
      DROVER_OVERWRITE: call.overwrite ? 'yes' : 'no',
      DROVER_DATA: call.dataAgreed ? 'agreed' : 'keep',
      DROVER_DAMAGED: call.leaveDamaged ? 'leave' : 'refuse',
      ...savedNames(call.saved),
    }),
    'export DROVER_DATA',
    '[ -s "$DROVER_ACTION/before/index" ] || [ -n "$DROVER_SAVED" ] || exit 0',
    piece('save-points.sh'),
    piece('states.sh'),
    piece('refuse.sh'),
    piece('restore.sh'),
  ].join('\n');
};

/** The sh text that removes everything that runs keep on a host, under the fence of the run that still holds the cluster. */
export const forgetScript = (call: Pick<Call, 'cluster' | 'fencing'>, runs: readonly string[]): string =>
  [
    assignments({
      DROVER_CLUSTER: hostName(call.cluster),
      DROVER_FENCE: call.fencing,
      DROVER_RUNS: runs.map(hostName).join(' '),
    }),
    piece('fence.sh'),
    piece('forget.sh'),
  ].join('\n');

/**
 * The sh text that prints the saved things of actions and what became of them; one `@ ACTION` line before each. What the
 * journal knows of saved things, by action, is compared.
 */
export const surveyScript = (
  run: string,
  actions: readonly string[],
  saved: ReadonlyMap<string, Saved> = new Map(),
): string => {
  const each = actions.map((action) =>
    [
      `echo ${shellQuote(`@ ${action}`)}`,
      `DROVER_ACTION=${shellQuote(actionFolder(run, action))} before=$DROVER_ACTION/before`,
      assignments(savedNames(saved.get(action))),
      'survey',
    ].join('\n'),
  );
  return [piece('states.sh'), ...each, 'exit 0'].join('\n');
};

import type { Change } from '../../steps/change.js';
import { isPending, type Thing } from './survey.js';

const short = (state: string): string => {
  const [mode, , , , digest] = state.split(':');
  if (digest !== undefined && /^[0-9a-f]{64}$/.test(digest)) return `${mode ?? ''}, ${digest.slice(0, 8)}`;
  return state === '' ? 'none' : state.replaceAll(':', ', ');
};

/** Kinds whose names say what they are. */
const BARE = new Set(['file', 'unit', 'sysctl', 'object']);

const changeOf = ({ kind, name, verdict, saved, now }: Thing): Change => {
  const what = BARE.has(kind) ? name : `${kind} ${name}`;
  if (verdict === 'foreign')
    return {
      kind: 'warn',
      what: `${what}: changed by others since`,
      before: short(now),
      after: short(saved),
    };
  if (verdict === 'damaged')
    return { kind: 'warn', what: `${what}: what was saved is damaged; it stays as it is` };
  if (kind === 'script' && now === 'removed')
    return { kind: 'add', what: `everything that was removed (${name})` };
  if (kind === 'script')
    return {
      kind: 'remove',
      what: `everything that ${name} left`,
      ...(now === 'there' ? {} : { before: now }),
    };
  if (saved === 'absent') return { kind: 'remove', what };
  return { kind: now === 'absent' ? 'add' : 'change', what, before: short(now), after: short(saved) };
};

/** What putting things back changes. */
export const changesOf = (things: readonly Thing[]): Change[] => things.filter(isPending).map(changeOf);

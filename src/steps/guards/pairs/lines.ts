/*
 * What a relay says, one line each; times are milliseconds of the host's own clock that never steps.
 *   b TIME                                  the relay lives
 *   r RECORD OFFSET H TIME KIND NODE IP     a prober began
 *   r RECORD OFFSET + TARGET TIME SOURCE    asked then, it answered, and saw this address
 *   r RECORD OFFSET - TARGET TIME WHY       asked then, it did not
 *   r RECORD OFFSET . TIME                  up to then nothing else changed
 *   d RECORD TIME                           its prober is gone
 *   x WHY                                   there can be no relay
 * TARGET is `pod:NODE`, `clusterip`, `dns` or `out`. OFFSET is where the record goes on.
 */

export type ProberKind = 'pod' | 'host';

export type RecordEntry =
  | {
      readonly type: 'began';
      readonly at: number;
      readonly kind: ProberKind;
      readonly node: string;
      readonly address: string;
    }
  | { readonly type: 'up'; readonly target: string; readonly at: number; readonly source: string }
  | { readonly type: 'down'; readonly target: string; readonly at: number; readonly why: string }
  | { readonly type: 'mark'; readonly at: number };

export type RelayLine =
  | { readonly type: 'beat'; readonly at: number }
  | {
      readonly type: 'record';
      readonly record: string;
      readonly offset: number;
      readonly entry: RecordEntry;
    }
  | { readonly type: 'gone'; readonly record: string; readonly at: number }
  | { readonly type: 'refused'; readonly why: string };

const parseEntry = (text: string): RecordEntry | undefined => {
  const [sign, first = '', second = '', ...rest] = text.split(' ');
  const at = Number(sign === 'H' || sign === '.' ? first : second);
  if (!Number.isSafeInteger(at) || at < 0 || first === '') return undefined;
  switch (sign) {
    case 'H': {
      const [node, address] = rest;
      if ((second !== 'pod' && second !== 'host') || node === undefined || address === undefined)
        return undefined;
      return { type: 'began', at, kind: second, node, address };
    }
    case '+':
      return { type: 'up', target: first, at, source: rest[0] ?? '-' };
    case '-':
      return { type: 'down', target: first, at, why: rest.join(' ') };
    case '.':
      return { type: 'mark', at };
    default:
      return undefined;
  }
};

/** Reads one line of a relay; undefined for what is none. */
export const parseRelayLine = (line: string): RelayLine | undefined => {
  const [sign, first = '', second = '', ...rest] = line.split(' ');
  switch (sign) {
    case 'b':
      return /^\d+$/.test(first) ? { type: 'beat', at: Number(first) } : undefined;
    case 'd':
      return /^\d+$/.test(second) ? { type: 'gone', record: first, at: Number(second) } : undefined;
    case 'x':
      return { type: 'refused', why: [first, second, ...rest].filter(Boolean).join(' ') };
    case 'r': {
      const entry = parseEntry(rest.join(' '));
      const offset = Number(second);
      if (entry === undefined || !Number.isSafeInteger(offset) || offset <= 0) return undefined;
      return { type: 'record', record: first, offset, entry };
    }
    default:
      return undefined;
  }
};

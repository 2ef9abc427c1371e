/**
 * What became of something that an action saved before it changed it: `saved` = as it was found, `kept` = stays for
 * somebody else, `left` = as the action left it, `unknown` = the action did not end, `foreign` = changed by others,
 * `damaged` = what was saved is no longer what the journal and its own digest say.
 */
export type Verdict = 'saved' | 'kept' | 'left' | 'unknown' | 'foreign' | 'damaged';

/** One saved thing of one action on one host: a file, a unit, a kernel setting, a package … */
export interface Thing {
  readonly kind: string;
  readonly name: string;
  readonly verdict: Verdict;
  /** States in words that can be compared, as the host says them. */
  readonly saved: string;
  readonly now: string;
}

/** Things by action. */
export type Survey = ReadonlyMap<string, readonly Thing[]>;

const plain = (word: string): string => Buffer.from(word.replace(/^=/, ''), 'base64').toString('utf8');

const VERDICTS: ReadonlySet<string> = new Set(['saved', 'kept', 'left', 'unknown', 'foreign', 'damaged']);

const thingOf = (line: string): Thing | undefined => {
  const [, kind, verdict, name, saved, now] = line.split(' ');
  if (kind === undefined || verdict === undefined || now === undefined || !VERDICTS.has(verdict))
    return undefined;
  return {
    kind,
    verdict: verdict as Verdict,
    name: plain(name ?? ''),
    saved: plain(saved ?? ''),
    now: plain(now),
  };
};

/** Reads what the survey script of a host printed. */
export const parseSurvey = (text: string): Survey => {
  const found = new Map<string, Thing[]>();
  let things: Thing[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('@ ')) {
      things = [];
      found.set(line.slice(2), things);
      continue;
    }
    const thing = thingOf(line);
    if (thing !== undefined) things.push(thing);
  }
  return found;
};

/** Whether there is still something to put back. */
export const isPending = ({ verdict }: Thing): boolean => verdict !== 'saved' && verdict !== 'kept';

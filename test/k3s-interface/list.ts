import { readFile } from 'node:fs/promises';

/** One line of the comparison in docs/lab.md. */
export interface Line {
  readonly id: string;
  readonly behaviour: string;
  /** What the lab engine does about it: same, different or absent. */
  readonly engine: string;
}

const DOCUMENT = new URL('../../docs/lab.md', import.meta.url);
const ROW = /^\| (?!\*\*)(?<behaviour>[^|]+) \| (?<engine>[^|]*) \| (?<note>[^|]*)\| `(?<id>[^|`]+)` \|$/;

/** The lines of a comparison, in order. Anything else in the text is passed over. Pure. */
export const parseList = (text: string): readonly Line[] =>
  text.split('\n').flatMap((line) => {
    const { behaviour, engine, id } = ROW.exec(line)?.groups ?? {};
    return behaviour === undefined || engine === undefined || id === undefined
      ? []
      : [{ id, behaviour: behaviour.trim(), engine: engine.trim() }];
  });

/** The text that users read: the list that this suite holds. */
export const readDocument = (): Promise<string> => readFile(DOCUMENT, 'utf8');

import { StringDecoder } from 'node:string_decoder';

/** Turns chunks into lines that are read at the reader's own pace. */
export interface LineQueue {
  readonly push: (chunk: Buffer) => void;
  readonly end: () => void;
  readonly lines: AsyncIterable<string>;
}

/** `marker` begins the loader's own last line: it is no line of the script, and nothing comes after it. */
export const createLineQueue = (marker: string): LineQueue => {
  const decoder = new StringDecoder('utf8');
  const ready: string[] = [];
  let open = true;
  let partial = '';
  let wake: () => void = () => undefined;

  const add = (line: string): void => {
    const at = line.indexOf(`${marker} end `);
    if (at !== 0) ready.push(at < 0 ? line : line.slice(0, at));
    if (at >= 0) open = false;
  };
  const push = (chunk: Buffer): void => {
    const parts = (partial + decoder.write(chunk)).split('\n');
    partial = parts.pop() ?? '';
    for (const line of parts) if (open) add(line);
    wake();
  };
  const end = (): void => {
    if (open && partial !== '') add(partial);
    partial = '';
    open = false;
    wake();
  };
  async function* read(): AsyncGenerator<string, void, undefined> {
    for (;;) {
      const line = ready.shift();
      if (line !== undefined) yield line;
      else if (!open) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  return { push, end, lines: read() };
};

import { readdir, readFile } from 'node:fs/promises';

/** Collects the command lines of all processes that it sees, those of containers among them. */
export interface ArgvWatch {
  /** Ends the watch; the distinct command lines, as the kernel shows them. */
  readonly end: () => Promise<readonly Buffer[]>;
}

const look = async (seen: Map<string, Buffer>): Promise<void> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    pids.map(async (pid) => {
      // It may have ended meanwhile.
      const line = await readFile(`/proc/${pid}/cmdline`).catch(() => Buffer.alloc(0));
      if (line.length > 0) seen.set(line.toString('latin1'), line);
    }),
  );
};

/** Looks at every process of this machine and its containers, over and over, until it is ended. */
export const watchArgv = (): ArgvWatch => {
  const seen = new Map<string, Buffer>();
  let over = false;
  const loop = async (): Promise<void> => {
    while (!over) await look(seen);
  };
  const running = loop();
  return {
    end: async () => {
      over = true;
      await running;
      return [...seen.values()];
    },
  };
};

/**
 * A secret as it could be met: its bytes, and what of its base64 is the same wherever it stands in something that was
 * encoded as a whole.
 */
export const formsOf = (secret: Uint8Array): readonly Buffer[] => {
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), secret]).toString('base64');
    // The first characters hold bits of what stands before, the last ones of what follows.
    return text.slice(shift === 0 ? 0 : shift + 1, text.replace(/=+$/, '').length - 2);
  });
  return [Buffer.from(secret), ...shifted.map((text) => Buffer.from(text))];
};

/** Names of the texts in which a secret is found in any form. */
export const findSecrets = (
  texts: Readonly<Record<string, Uint8Array>>,
  secrets: Readonly<Record<string, Uint8Array>>,
): readonly string[] =>
  Object.entries(texts).flatMap(([where, text]) =>
    Object.entries(secrets)
      .filter(([, secret]) => formsOf(secret).some((form) => Buffer.from(text).includes(form)))
      .map(([name]) => `${name} in ${where}`),
  );

import { whenAborted } from './signals.js';

/** The answer, or undefined once the signal aborts: others may wait for the same answer. */
const unlessAborted = async <Answer>(
  answer: Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer | undefined> => {
  if (signal.aborted) return undefined;
  let forget = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    forget = whenAborted(signal, () => resolve(undefined));
  });
  return Promise.race([answer, aborted]).finally(forget);
};

/**
 * Asks once for everybody who asks at the same time: whoever comes while an answer is under way waits for the next one,
 * so that no answer is older than its question. `ask` gets the keys of all that wait. Whose signal aborts gets undefined.
 */
export const together = <Key, Answer>(
  ask: (keys: readonly Key[]) => Promise<Answer>,
): ((key: Key, signal: AbortSignal) => Promise<Answer | undefined>) => {
  let last: Promise<unknown> = Promise.resolve();
  let next: { readonly keys: Key[]; readonly answer: Promise<Answer> } | undefined;
  const begin = (): NonNullable<typeof next> => {
    const keys: Key[] = [];
    const answer = last.then(() => {
      next = undefined;
      return ask(keys);
    });
    // Its failure is that of those who asked; who comes after them asks anew.
    last = answer.catch(() => undefined);
    return { keys, answer };
  };
  return (key, signal) => {
    next ??= begin();
    next.keys.push(key);
    return unlessAborted(next.answer, signal);
  };
};

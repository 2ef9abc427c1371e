import { err, ok } from '../../src/core/result.js';

/** The part of a step's context that keeps secrets and hands them out, over a store that tests can look into. */
export const secretStore = (given: Iterable<readonly [string, Uint8Array]> = []) => {
  const store = new Map(given);
  return {
    store,
    keepSecret: (handle: string, value: Uint8Array) => {
      if (!store.has(handle)) store.set(handle, value);
      return Promise.resolve(ok({ secret: handle }));
    },
    secret: (handle: string) => {
      const value = store.get(handle);
      return Promise.resolve(
        value === undefined
          ? err({ class: 'permanent', code: 'secret-unreadable', message: `there is no secret ${handle}` })
          : ok(value),
      );
    },
  };
};

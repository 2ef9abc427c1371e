import type { GuardKind, GuardSample } from '../guard.js';

export type UrlsParams = {
  readonly everyMs: number;
  readonly urls: readonly {
    readonly url: string;
    readonly status: readonly number[];
    /** Node that is called instead of what the name leads to. */
    readonly via?: { readonly node: string; readonly address: string };
  }[];
};

const CALL_MS = 5_000;

/**
 * Addresses answer this machine as the spec says, as a user calls them, and through single nodes. Certificates are not judged:
 * `drover verify` does that.
 */
export const urls: GuardKind<UrlsParams> = {
  id: 'urls',
  title: ({ urls: all }) => (all.length === 1 ? 'one address answers' : `${all.length} addresses answer`),
  watch: async function* (context, { everyMs, urls: all }) {
    const { clock, signal } = context;
    const isOver = (): boolean => signal.aborted;
    const look = async ({ url, status, via }: UrlsParams['urls'][number]): Promise<GuardSample> => {
      const wanted = { url, timeoutMs: CALL_MS, ...(via === undefined ? {} : { via: via.address }) };
      const answer = await context.callUrl(wanted);
      const subject = via === undefined ? url : `${url} through ${via.node}`;
      if (!answer.ok) return { subject, ok: false, detail: answer.error };
      const { status: code } = answer.value;
      return { subject, ok: status.includes(code), detail: `status ${code}` };
    };
    while (!isOver()) {
      const samples = await Promise.all(all.map(look));
      // What is cut off because the guard ends says nothing about the address.
      if (isOver()) return;
      yield* samples;
      await clock.delay(everyMs, signal).catch(() => undefined);
    }
  },
};

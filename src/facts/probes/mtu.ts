/** Packet sizes that networks are usually limited to; each is tried with its successor, so one round often decides. */
const USUAL = [
  8950, 8900, 1492, 1480, 1476, 1460, 1450, 1440, 1430, 1420, 1412, 1400, 1390, 1380, 1370, 1350, 1320, 1300,
  1280, 1230, 1150, 1000, 576,
] as const;

/** Sizes of one further round between two known ones. */
const SPLIT = 16;

/** Smallest packet that a size probe can build, headers and mark included. */
const SMALLEST = 100;

const ladder = (top: number, overhead: number): readonly number[] => {
  const sizes = USUAL.flatMap((size) => [size - overhead, size - overhead + 1]);
  return [...new Set([top, ...sizes])].filter((size) => size <= top && size >= SMALLEST);
};

const between = (low: number, high: number): readonly number[] => {
  const step = Math.max(1, (high - low) / (SPLIT + 1));
  const sizes = Array.from({ length: SPLIT }, (_, i) => Math.round(low + step * (i + 1)));
  return [...new Set(sizes)].filter((size) => size > low && size < high);
};

export interface MtuState {
  /** Largest size that could pass: the sender's interface, less the tunnel's overhead. */
  readonly top: number;
  /** Bytes that the tunnel adds; 0 outside. */
  readonly overhead: number;
  readonly tried: ReadonlySet<number>;
  readonly passed: (size: number) => boolean;
}

/** Largest size that arrived; `undefined` = none did. */
export const largestPassed = ({ tried, passed }: MtuState): number | undefined => {
  const arrived = [...tried].filter(passed);
  return arrived.length === 0 ? undefined : Math.max(...arrived);
};

/** Sizes to try next; none when the answer is known. Delivery alone counts: ICMP errors may never come. */
export const nextSizes = (state: MtuState): readonly number[] => {
  if (state.tried.size === 0) return [state.top];
  const low = largestPassed(state);
  if (low === state.top) return [];
  if (state.tried.size === 1) return ladder(state.top, state.overhead);
  if (low === undefined) return [];
  const high = Math.min(...[...state.tried].filter((size) => size > low));
  return between(low, high);
};

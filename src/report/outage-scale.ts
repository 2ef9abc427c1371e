/** Where moments lie on a picture. Pure. */
export interface TimeScale {
  readonly from: number;
  readonly to: number;
  /** Horizontal place of a moment, clipped to the picture. */
  readonly x: (at: number) => number;
  /** Marks of the axis, with their words: seconds or minutes since the beginning. */
  readonly ticks: readonly { readonly x: number; readonly text: string }[];
}

/** Seconds between marks, so that there are about eight. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];
const MARKS = 9;

const tickText = (seconds: number, step: number): string => {
  if (step < 60) return `${seconds} s`;
  if (step < 3600) return `${seconds / 60} min`;
  return `${seconds / 3600} h`;
};

/**
 * @param span milliseconds since 1970
 * @param place left edge and width, in pixels
 */
export const timeScale = (
  span: { readonly from: number; readonly to: number },
  place: { readonly left: number; readonly width: number },
): TimeScale => {
  const length = Math.max(span.to - span.from, 1_000);
  const x = (at: number): number => {
    const share = Math.min(Math.max((at - span.from) / length, 0), 1);
    return Math.round((place.left + share * place.width) * 10) / 10;
  };
  const step = STEPS.find((each) => length / 1000 / each <= MARKS) ?? 86_400;
  const count = Math.floor(length / 1000 / step);
  const ticks = Array.from({ length: count + 1 }, (_, index) => ({
    x: x(span.from + index * step * 1000),
    text: tickText(index * step, step),
  }));
  return { from: span.from, to: span.from + length, x, ticks };
};

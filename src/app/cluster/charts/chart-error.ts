import type { DroverError } from '../../../core/error.js';
import type { ChartRequest } from './chart.js';

/** An error about one chart, at its place in the spec; nothing was changed by then. */
export const chartError = (
  { path, locate }: Pick<ChartRequest, 'path' | 'locate'>,
  error: Omit<DroverError, 'state'>,
): DroverError => {
  const location = locate?.(path);
  return {
    ...error,
    message: `${path}: ${error.message}`,
    state: 'nothing was changed',
    ...(location === undefined ? {} : { location }),
  };
};

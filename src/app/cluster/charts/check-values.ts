import { mapOf } from '../../../bundle/clean/draft.js';
import { didYouMean } from '../../../core/did-you-mean.js';
import type { DroverError } from '../../../core/error.js';
import type { ChartRequest } from './chart.js';
import { chartError } from './chart-error.js';
import { type ChartFiles, knownValues } from './chart-files.js';

/** Charts whose schema lets any further value in say so. */
const isOpen = ({ schema }: ChartFiles): boolean =>
  Object.keys(mapOf(schema?.['patternProperties'])).length > 0;

const valuesPlace = ({ path, locate }: ChartRequest, name: string) => ({
  path: `${path}.values.${name}`,
  locate,
});

/** Top-level values that nothing in the chart reads, one error each. Pure. */
export const unknownValues = (request: ChartRequest, files: ChartFiles): readonly DroverError[] => {
  if (isOpen(files)) return [];
  const known = [...knownValues(files)];
  return Object.keys(request.values)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = didYouMean(name, known);
      return chartError(valuesPlace(request, name), {
        code: 'chart-values-unknown',
        message: `${request.chart} ${request.version} knows no value "${name}"`,
        hint:
          meant === undefined
            ? `it knows ${known.sort().slice(0, 12).join(', ')}`
            : `did you mean "${meant}"?`,
      });
    });
};

import { expect, it } from 'vitest';
import type { ChartFiles } from '../../../../src/app/cluster/charts/chart-files.js';
import { unknownValues } from '../../../../src/app/cluster/charts/check-values.js';

const files: ChartFiles = {
  about: {
    name: 'web',
    dependencies: [
      { name: 'redis', alias: 'cache' },
      { name: 'db', condition: 'postgres.enabled' },
    ],
  },
  values: { replicas: 1, image: 'web' },
  schema: { properties: { hidden: { type: 'string' } } },
};
const request = (values: Readonly<Record<string, unknown>>) => ({
  name: 'web',
  namespace: 'shop',
  chart: 'web',
  version: '1.0.0',
  repository: 'https://charts.example',
  path: 'spec.addons.charts[0]',
  locate: (path: string) => ({ file: 'drover.yaml', line: path.endsWith('replica') ? 7 : 9, column: 3 }),
  values,
});

it('names every top-level value that nothing in the chart reads, at its line', () => {
  const errors = unknownValues(request({ replica: 2, colour: 'red', image: 'x' }), files);
  expect(errors).toEqual([
    {
      code: 'chart-values-unknown',
      message: 'spec.addons.charts[0].values.replica: web 1.0.0 knows no value "replica"',
      state: 'nothing was changed',
      hint: 'did you mean "replicas"?',
      location: { file: 'drover.yaml', line: 7, column: 3 },
    },
    {
      code: 'chart-values-unknown',
      message: 'spec.addons.charts[0].values.colour: web 1.0.0 knows no value "colour"',
      state: 'nothing was changed',
      hint: 'it knows cache, db, global, hidden, image, postgres, redis, replicas',
      location: { file: 'drover.yaml', line: 9, column: 3 },
    },
  ]);
});

it('knows values of contained charts, of the schema, and global ones', () => {
  const values = { cache: {}, redis: {}, db: {}, postgres: {}, global: {}, hidden: '', replicas: 1 };
  expect(unknownValues(request(values), files)).toEqual([]);
});

it('lets anything in where the schema says so', () => {
  const open = { ...files, schema: { patternProperties: { '.*': {} } } };
  expect(unknownValues(request({ anything: 1 }), open)).toEqual([]);
});

import { execa } from 'execa';
import { parse } from 'yaml';
import { isMap, listOf, mapOf } from '../../../bundle/clean/draft.js';

type Members = Readonly<Record<string, unknown>>;

/** What an archive says about its chart. */
export interface ChartFiles {
  readonly about: Members;
  readonly values: Members;
  /** `values.schema.json`; absent where the chart has none. */
  readonly schema?: Members;
}

const fileIn = async (archive: string, name: string): Promise<string | undefined> => {
  const read = await execa(
    'tar',
    ['-xzOf', archive, '--wildcards', '--no-wildcards-match-slash', `*/${name}`],
    {
      reject: false,
    },
  );
  return read.exitCode === 0 ? read.stdout : undefined;
};

const members = (text: string): Members => {
  const value: unknown = parse(text);
  return isMap(value) ? value : {};
};

/** Reads what stands at the top of an archive; undefined = it is no chart. */
export const chartFiles = async (archive: string): Promise<ChartFiles | undefined> => {
  const [about, values, schema] = await Promise.all(
    ['Chart.yaml', 'values.yaml', 'values.schema.json'].map((name) => fileIn(archive, name)),
  );
  if (about === undefined) return undefined;
  return {
    about: members(about),
    values: members(values ?? ''),
    ...(schema === undefined ? {} : { schema: members(schema) }),
  };
};

/** Names of top-level values that mean something to a chart. */
export const knownValues = ({ about, values, schema }: ChartFiles): ReadonlySet<string> => {
  const contained = listOf(about['dependencies'])
    .map(mapOf)
    .flatMap(({ name, alias, condition, tags }) => [
      name,
      alias,
      ...(tags === undefined ? [] : ['tags']),
      typeof condition === 'string' ? condition.split('.')[0] : undefined,
    ])
    .filter((name): name is string => typeof name === 'string' && name !== '');
  return new Set([
    'global',
    ...contained,
    ...Object.keys(values),
    ...Object.keys(mapOf(schema?.['properties'])),
  ]);
};

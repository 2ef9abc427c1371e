import { alternatives, type JsonSchema } from './fields.js';

const PLURAL: Readonly<Record<string, string>> = { mapping: 'mappings', text: 'texts', number: 'numbers' };

const itemText = ({ items }: JsonSchema): string => (items === undefined ? 'values' : typeText(items));

/** What a person reads as the type: `text`, `list of mappings`, `vxlan | host-gw`. */
const typeText = (schema: JsonSchema): string => {
  const kinds = alternatives(schema).map((branch) => {
    if (branch.const !== undefined) return JSON.stringify(branch.const);
    if (branch.enum !== undefined) return branch.enum.map(String).join(' | ');
    if (branch.type === 'array') return `list of ${PLURAL[itemText(branch)] ?? itemText(branch)}`;
    if (branch.type === 'object')
      return branch.properties === undefined ? 'mapping of your own keys' : 'mapping';
    const names: Readonly<Record<string, string>> = {
      string: 'text',
      integer: 'whole number',
      number: 'number',
      boolean: 'true | false',
    };
    return names[branch.type ?? ''] ?? 'any value';
  });
  return [...new Set(kinds)].join(' or ');
};

const limits = ({ minimum, maximum }: JsonSchema): string => {
  const most = maximum !== undefined ? ` to ${maximum}` : '';
  const least = minimum !== undefined ? ` from ${minimum}` : '';
  return `${least}${most}`;
};

const short = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

interface Line {
  readonly key: string;
  readonly type: string;
  readonly description: string;
}

const lineOf = (key: string, schema: JsonSchema, required: boolean): Line => ({
  key: `${key}${required ? ' *' : ''}`,
  type: `${typeText(schema)}${limits(schema)}`,
  description: `${schema.description ?? ''}${schema.default === undefined || short(schema.default) === '{}' ? '' : ` (default ${short(schema.default)})`}`,
});

/** The schemas that describe keys: of the value itself, or of the items of a list. */
const mappings = (schema: JsonSchema): readonly JsonSchema[] =>
  alternatives(schema).flatMap((branch) => {
    if (branch.type === 'array') return branch.items === undefined ? [] : mappings(branch.items);
    return branch.properties === undefined ? [] : [branch];
  });

const keyLines = (branch: JsonSchema): readonly Line[] =>
  Object.entries(branch.properties ?? {}).map(([key, child]) =>
    lineOf(key, child, branch.required?.includes(key) === true),
  );

const table = (lines: readonly Line[]): readonly string[] => {
  const keys = Math.max(...lines.map(({ key }) => key.length));
  return lines.flatMap(({ key, type, description }) => [
    `  ${key.padEnd(keys)}  ${type}`,
    ...(description === '' ? [] : [`  ${' '.repeat(keys)}    ${description}`]),
  ]);
};

/** A key of the spec as `config explain` shows it. */
export const fieldText = (path: string, schema: JsonSchema): string => {
  const branches = mappings(schema);
  const facts = [
    ['type', `${typeText(schema)}${limits(schema)}`],
    ...(schema.default === undefined || short(schema.default) === '{}'
      ? []
      : [['default', short(schema.default)]]),
    ...(schema.examples ?? []).map((example) => ['example', JSON.stringify(example)]),
    ...(schema.pattern !== undefined && schema.format === undefined ? [['pattern', schema.pattern]] : []),
  ].map(([name = '', value = '']) => `${name.padEnd(9)}${value}`);
  const keys = branches.flatMap((branch, index) => [
    '',
    branches.length > 1
      ? `keys (way ${index + 1} of ${branches.length}; * must be there):`
      : 'keys (* must be there):',
    ...table(keyLines(branch)),
  ]);
  return [
    path,
    ...(schema.description === undefined ? [] : [`  ${schema.description}`]),
    '',
    ...facts,
    ...keys,
    '',
  ].join('\n');
};

import { z } from 'zod';
import type { Path } from './path.js';
import { clusterSchema } from './schema/cluster.js';
import { migrationSchema } from './schema/migration.js';

/** The part of JSON Schema draft-07 that the schema of a spec uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

const STANDARD_FORMATS = ['ipv4', 'ipv6', 'date', 'email', 'uri'];

const cached = new Map<z.ZodType, JsonSchema>();

const jsonSchemaOf = (schema: z.ZodType): JsonSchema => {
  const known = cached.get(schema);
  if (known !== undefined) return known;
  const made = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    reused: 'inline',
    override: ({ jsonSchema }) => {
      if (jsonSchema.description !== undefined) jsonSchema['markdownDescription'] = jsonSchema.description;
      // Formats that every validator knows need no pattern as well, and limits of JavaScript are no limits of a spec.
      if (STANDARD_FORMATS.includes(jsonSchema.format ?? '')) delete jsonSchema.pattern;
      // Validators warn about Zod's own formats (cidrv4, starts_with …); the pattern says the same.
      if (!STANDARD_FORMATS.includes(jsonSchema.format ?? 'date')) delete jsonSchema.format;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  }) as JsonSchema;
  cached.set(schema, made);
  return made;
};

/** JSON Schema of `kind: Cluster` as editors, `config explain` and error messages read it. */
export const clusterJsonSchema = (): JsonSchema => jsonSchemaOf(clusterSchema);

/** JSON Schema of `kind: Migration`. */
export const migrationJsonSchema = (): JsonSchema => jsonSchemaOf(migrationSchema);

/** A schema and the alternatives that it offers. */
export const alternatives = (schema: JsonSchema): readonly JsonSchema[] => {
  const branches = schema.anyOf ?? schema.oneOf;
  return branches === undefined ? [schema] : branches.flatMap(alternatives);
};

const childrenOf = (schema: JsonSchema, segment: string | number): readonly JsonSchema[] =>
  alternatives(schema).flatMap((branch) => {
    if (typeof segment === 'number') return branch.items === undefined ? [] : [branch.items];
    const property = branch.properties?.[segment];
    if (property !== undefined) return [property];
    const rest = branch.additionalProperties;
    return typeof rest === 'object' ? [rest] : [];
  });

/** All schemas that a value at this path may follow; several where a union has alternatives. */
export const schemasAt = (path: Path, root = clusterJsonSchema()): readonly JsonSchema[] =>
  path.reduce<readonly JsonSchema[]>(
    (schemas, segment) => schemas.flatMap((schema) => childrenOf(schema, segment)),
    [root],
  );

/** The keys that a mapping at this path may have. */
export const keysAt = (path: Path, root = clusterJsonSchema()): readonly string[] => [
  ...new Set(
    schemasAt(path, root)
      .flatMap(alternatives)
      .flatMap(({ properties }) => Object.keys(properties ?? {})),
  ),
];

import { clusterJsonSchema, migrationJsonSchema } from './fields.js';

/** Where the schema lies in the package, for `# yaml-language-server: $schema=…`. */
export const SCHEMA_PATH = 'schema/cluster.schema.json';

/** The committed JSON Schema (draft-07, which is what editors' YAML support reads). */
export const clusterSchemaText = (): string =>
  `${JSON.stringify({ title: 'Drover cluster spec', ...clusterJsonSchema() }, null, 2)}\n`;

export const MIGRATION_SCHEMA_PATH = 'schema/migration.schema.json';

/** The committed JSON Schema of `kind: Migration`. */
export const migrationSchemaText = (): string =>
  `${JSON.stringify({ title: 'Drover migration spec', ...migrationJsonSchema() }, null, 2)}\n`;

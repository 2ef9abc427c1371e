import {
  clusterSchemaText,
  MIGRATION_SCHEMA_PATH,
  migrationSchemaText,
  SCHEMA_PATH,
} from '../spec/json-schema.js';
import { commandsPage } from './docs/commands-page.js';
import { errorsPage } from './docs/errors-page.js';
import {
  comparisonSchemaText,
  eventSchemaText,
  factsSchemaText,
  journalSchemaText,
  planSchemaText,
  proofSchemaText,
  reportSchemaText,
} from './docs/json-schemas.js';

/** A committed file that derives from declarations in the code. */
export interface GeneratedFile {
  /** Relative to the package. */
  readonly path: string;
  readonly render: () => string | Promise<string>;
}

/** Every generated file: `npm run generate` writes them, a test compares them. */
export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'docs/commands.md', render: commandsPage },
  { path: 'docs/errors.md', render: errorsPage },
  { path: SCHEMA_PATH, render: clusterSchemaText },
  { path: MIGRATION_SCHEMA_PATH, render: migrationSchemaText },
  { path: 'schema/facts.schema.json', render: factsSchemaText },
  { path: 'schema/report.schema.json', render: reportSchemaText },
  { path: 'schema/event.schema.json', render: eventSchemaText },
  { path: 'schema/plan.schema.json', render: planSchemaText },
  { path: 'schema/journal.schema.json', render: journalSchemaText },
  { path: 'schema/proof.schema.json', render: proofSchemaText },
  { path: 'schema/comparison.schema.json', render: comparisonSchemaText },
];

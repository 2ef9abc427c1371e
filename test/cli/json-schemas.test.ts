import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import { eventSchemaText } from '../../src/cli/docs/json-schemas.js';
import { generatedFiles } from '../../src/cli/generated.js';
import { doctorScript } from '../report/event-script.js';

const ajv = (): Ajv.default => {
  const made = new Ajv.default({ strict: false });
  addFormats.default(made);
  return made;
};

it.each(
  generatedFiles.filter(({ path }) => path.endsWith('.json')).map((file) => [file.path, file] as const),
)('%s is a valid draft-07 schema', async (_, { render }) => {
  const schema = JSON.parse(await render()) as { $schema: string };
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  expect(ajv().validateSchema(schema)).toBe(true);
});

it('the schema of events accepts events and nothing else', () => {
  const accepts = ajv().compile(JSON.parse(eventSchemaText()) as object);
  for (const event of doctorScript) expect(accepts(event), JSON.stringify(accepts.errors)).toBe(true);
  expect(accepts({ type: 'finding' })).toBe(false);
  expect(accepts({ type: 'unheard-of' })).toBe(false);
});

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alternatives, clusterJsonSchema, type JsonSchema } from '../../src/spec/fields.js';
import { clusterSchemaText, SCHEMA_PATH } from '../../src/spec/json-schema.js';

const committed = readFileSync(SCHEMA_PATH, 'utf8');

describe('the JSON Schema', () => {
  it('is the one that the code makes', () => {
    expect(committed === clusterSchemaText(), 'run npm run build && npm run generate').toBe(true);
  });

  it('is draft-07, accepts the example and refuses a typing error', () => {
    const schema = JSON.parse(committed) as Record<string, unknown>;
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    const ajv = new Ajv({
      strict: true,
      strictTypes: false,
      strictRequired: false,
      keywords: ['markdownDescription'],
    });
    ajvFormats.default(ajv);
    const validate = ajv.compile(schema);
    const example = parse(readFileSync('examples/keybuzz/drover.yaml', 'utf8')) as {
      spec: { network: Record<string, unknown> };
    };
    expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
    example.spec.network.podss = 'x';
    expect(validate(example)).toBe(false);
  });

  it('describes every key', () => {
    const bare: string[] = [];
    const walk = (schema: JsonSchema, path: string): void => {
      for (const branch of alternatives(schema)) {
        for (const [key, child] of Object.entries(branch.properties ?? {})) {
          if (child.description === undefined) bare.push(`${path}.${key}`);
          walk(child, `${path}.${key}`);
        }
        if (branch.items !== undefined) walk(branch.items, `${path}[]`);
      }
    };
    walk(clusterJsonSchema(), '');
    expect(bare).toEqual([]);
  });
});

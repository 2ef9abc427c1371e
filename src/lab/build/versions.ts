import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { DroverError } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { buildError } from './errors.js';
import { SOURCES } from './paths.js';

const release = z.string().regex(/^\d+\.\d+\.\d+$/);

const tableSchema = z
  .strictObject({
    default: z.string(),
    lines: z.record(
      z.string().regex(/^\d+\.\d+$/),
      z.strictObject({ kubernetes: release, etcd: release, flannel: release }),
    ),
  })
  .refine((table) => table.default in table.lines, 'the default line is not in the table');

/** lab/engine/versions.json: the Kubernetes lines that the lab's engine can be compiled as. */
export type VersionTable = z.infer<typeof tableSchema>;

/** One line of the table. */
export interface EngineLine {
  /** Minor version, e.g. `1.34`. */
  readonly line: string;
  /** Release of Kubernetes, e.g. `1.34.2`. */
  readonly kubernetes: string;
  /**
   * File in lab/engine with the line's modules, whose checksums are in the file of the same name that ends in `.sum`.
   * The default line has Go's own go.mod.
   */
  readonly modfile: string;
}

export const parseVersions = (text: string): VersionTable => tableSchema.parse(JSON.parse(text));

export const VERSIONS: VersionTable = parseVersions(
  readFileSync(join(SOURCES, 'engine', 'versions.json'), 'utf8'),
);

/** The line that a version belongs to: `1.34`, `1.34.2`, `v1.34.2` and `v1.34.2+k3s1` all name the line of 1.34.2. */
const lineNamed = (asked: string, table: VersionTable): string | undefined =>
  Object.keys(table.lines).find((line) => {
    const wanted = asked.replace(/^v/, '').replace(/\+.*$/, '');
    return wanted === line || wanted === table.lines[line]?.kubernetes;
  });

/** The line of a table that a person asked for, or the default one. An unknown version names those that are known. */
export const engineLine = (
  asked: string | undefined,
  table: VersionTable = VERSIONS,
): Result<EngineLine, DroverError> => {
  const line = asked === undefined ? table.default : lineNamed(asked, table);
  const found = line === undefined ? undefined : table.lines[line];
  if (line !== undefined && found !== undefined) {
    const modfile = line === table.default ? 'go.mod' : `go-${line}.mod`;
    return ok({ line, kubernetes: found.kubernetes, modfile });
  }
  const known = Object.entries(table.lines).map(([name, { kubernetes }]) => `${name} (${kubernetes})`);
  return err(
    buildError('lab-build-version', `the lab’s engine cannot be compiled as Kubernetes ${asked}`, {
      hint: `known: ${known.join(', ')}`,
    }),
  );
};

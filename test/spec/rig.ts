import { stringify } from 'yaml';
import type { DroverError } from '../../src/core/error.js';
import type { Files } from '../../src/core/ports/files.js';
import { err, ok } from '../../src/core/result.js';
import { type LoadOutcome, loadCluster } from '../../src/spec/load-cluster.js';

/** A disk that is a record. */
export const memoryFiles = (content: Readonly<Record<string, string>>): Files => ({
  read: (path) => {
    const text = content[path];
    return Promise.resolve(
      text === undefined ? err({ kind: 'missing' as const, path, detail: `no file ${path}` }) : ok(text),
    );
  },
  write: () => Promise.reject(new Error('specs are not written')),
  exists: (path) => Promise.resolve(content[path] !== undefined),
});

export interface Given {
  readonly tsv?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly today?: string;
}

/** Loads a spec from text. */
export const load = (
  yaml: string,
  { tsv, env = {}, today = '2026-11-21' }: Given = {},
): Promise<LoadOutcome> =>
  loadCluster({
    file: 'drover.yaml',
    cwd: '/home',
    files: memoryFiles({
      '/home/drover.yaml': yaml,
      ...(tsv === undefined ? {} : { '/home/servers.tsv': tsv }),
    }),
    clock: { now: () => Date.parse(`${today}T12:00:00Z`) },
    env,
  });

/* eslint-disable @typescript-eslint/no-explicit-any -- specs under test are wrong on purpose */
export type Loose = any;

/** A small spec without any problem; `edit` changes it. */
export const specWith = (edit: (spec: Loose) => void = () => undefined): string => {
  const host = (name: string, address: string, role: string) => ({ name, address, role });
  const spec = {
    hosts: [
      host('s1', '10.0.0.1', 'server'),
      host('s2', '10.0.0.2', 'server'),
      host('s3', '10.0.0.3', 'server'),
      host('a1', '10.0.0.11', 'agent'),
      host('db', '10.0.1.1', 'external'),
    ],
    network: { nodes: '10.0.0.0/24', cni: {} },
    distribution: { kind: 'k3s' },
    ingress: {},
  };
  edit(spec);
  return stringify({ apiVersion: 'drover/v1', kind: 'Cluster', metadata: { name: 'test' }, spec });
};

/** All problems of an outcome with their severity. */
export const problemsOf = (
  outcome: LoadOutcome,
): readonly (DroverError & { readonly severity: string })[] => [
  ...(outcome.ok ? [] : outcome.error).map((error) => ({ ...error, severity: 'error' })),
  ...outcome.warnings.map((warning) => ({ ...warning, severity: 'warning' })),
];

/** `code line:column message`, as tests read best. */
export const lines = (errors: readonly DroverError[]): readonly string[] =>
  errors.map(
    ({ code, location, message }) => `${code} ${location?.line ?? 0}:${location?.column ?? 0} ${message}`,
  );

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runExport } from '../../../src/app/bundle/export.js';
import { planMigration } from '../../../src/app/bundle/plan-migration.js';
import { makeMigrationRollback } from '../../../src/app/migration/rollback.js';
import { resumeMigration, runMigration } from '../../../src/app/migration/run.js';
import type { MigrationTools } from '../../../src/app/migration/tools.js';
import { type DroverErrors } from '../../../src/core/error.js';
import type { DroverEvent } from '../../../src/core/events/event.js';
import type { KubeObject } from '../../../src/core/ports/kube.js';
import { err, ok, type Result } from '../../../src/core/result.js';
import type { Plan } from '../../../src/plan/model.js';
import type { RunSummary } from '../../../src/run/summary.js';
import type { Migration } from '../../../src/spec/migration.js';
import { systemClock } from '../../../src/system/clock.js';
import { systemFiles } from '../../../src/system/files.js';
import { systemRandom } from '../../../src/system/random.js';
import { person } from '../../bundle/support/age.js';
import { type ApiServer, apiServer } from '../../bundle/support/api/server.js';
import { roomyNode } from '../../bundle/target/asking.js';
import { noOperator } from '../../support/no-operator.js';
import { migrationOf } from '../bundle/rig.js';

const unused = (name: string) => (): never => {
  throw new Error(`a migration needs no ${name}`);
};

/** Two clusters in memory, and a folder with a bundle and runs. */
export interface Rig {
  readonly folder: string;
  readonly source: ApiServer;
  readonly target: ApiServer;
  readonly tools: MigrationTools;
  readonly events: DroverEvent[];
  readonly migration: (spec?: object) => Migration;
  readonly dispose: () => Promise<void>;
}

export const migrationRig = async (): Promise<Rig> => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-restore-'));
  const [source, target] = [apiServer('a'), apiServer('b')];
  target.put(roomyNode);
  const events: DroverEvent[] = [];
  const { wrap } = await person();
  let seconds = 0;
  // Ids of runs sort by time: each moment that is asked for is a later one.
  const clock = { ...systemClock, now: () => Date.parse('2026-11-21T08:00:00Z') + 1000 * (seconds += 1) };
  const signal = new AbortController().signal;
  const common = { clock, random: systemRandom, files: systemFiles, tool: '0.0.0' };
  const emit = (event: DroverEvent): void => {
    events.push(event);
  };
  const tools: MigrationTools = {
    bundle: {
      ...common,
      connect: ({ context }) => {
        const server = [source, target].find(({ kube }) => kube.target.context === context);
        return Promise.resolve(
          server === undefined
            ? err({ code: 'cluster-access', message: `no ${context ?? ''}` })
            : ok(server.kube),
        );
      },
      keyWrap: () => wrap,
      registry: { ask: () => Promise.resolve({ kind: 'unknown', detail: 'offline' }) },
      env: {},
      emit,
      signal,
    },
    spec: 'migration.yaml',
    cluster: {
      ...common,
      transport: { run: unused('transport') } as never,
      instruments: {} as never,
      machine: { see: unused('machine'), effects: () => noOperator },
      secrets: {} as never,
      secretsFile: join(folder, 'none.secrets'),
      emit,
      soft: signal,
      hard: signal,
      realm: 'real',
      stateDir: join(folder, '.drover'),
      operator: 'me@here',
    },
  };
  return {
    folder,
    source,
    target,
    tools,
    events,
    migration: (spec = {}) =>
      migrationOf({
        source: { context: 'a' },
        target: { context: 'b' },
        bundle: join(folder, 'bundle'),
        ...spec,
      }),
    dispose: () => rm(folder, { recursive: true }),
  };
};

const must = <T>(result: Result<T, DroverErrors>): T => {
  if (result.ok) return result.value;
  throw new Error(
    result.error.map(({ code, message, cause }) => `${code}: ${message}: ${cause ?? ''}`).join('\n'),
  );
};

export const exportSource = async ({ tools, migration }: Rig): Promise<void> => {
  const { select, secrets, bundle, source } = migration().spec;
  if (source === undefined) throw new Error('no source');
  const asked = { source, target: undefined, folder: bundle, ...select, recipients: secrets.recipients };
  must(await runExport(asked, tools.bundle));
};

/** What the target says about objects of others and missing classes is tested elsewhere. */
const IGNORED = ['target-name-taken', 'target-no-default-class'];

export const planOf = async (rig: Rig, migration: Migration, putBack = false): Promise<Plan> => {
  const request = {
    migration,
    realm: 'real',
    liveFolder: join(rig.folder, 'live'),
    ignore: IGNORED,
    putBack,
  };
  return must(await planMigration(request, rig.tools.bundle)).plan;
};

const LIMITS = { concurrency: 4, breakRun: undefined };

export const restore = async (rig: Rig, migration: Migration, putBack = false): Promise<RunSummary> => {
  const plan = await planOf(rig, migration, putBack);
  return must(await runMigration(migration, { plan, ...LIMITS }, rig.tools));
};

export const resume = (rig: Rig, migration: Migration, id?: string) =>
  resumeMigration(migration, { id, mode: 'restore', ...LIMITS }, rig.tools);

interface Back {
  readonly id?: string;
  readonly overwrite?: boolean;
}

export const wayBack = (rig: Rig, migration: Migration, { id, overwrite = false }: Back = {}) =>
  makeMigrationRollback(migration, { id, overwrite }, rig.tools);

export const goBack = async (rig: Rig, migration: Migration, back: Back = {}): Promise<RunSummary> => {
  const { plan, holder } = must(await wayBack(rig, migration, back));
  return must(await runMigration(migration, { plan, ...LIMITS, breakRun: holder }, rig.tools));
};

export const inShop = (apiVersion: string, kind: string, name: string, more: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop' },
  ...more,
});

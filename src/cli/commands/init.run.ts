import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DroverError } from '../../core/error.js';
import type { Files } from '../../core/ports/files.js';
import { count } from '../../core/text.js';
import { initSpec } from '../../spec/init.js';
import { SCHEMA_PATH } from '../../spec/json-schema.js';
import type { HostTable } from '../../spec/servers-tsv.js';
import { slug } from '../../spec/table/purpose.js';
import { systemFiles } from '../../system/files.js';
import type { CommandContext, CommandOutcome, Handler } from '../command.js';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const refuse = (error: Omit<DroverError, 'state'>): CommandOutcome => ({
  exit: 'spec',
  errors: [{ ...error, state: 'nothing was written' }],
});

const DEFAULT_TABLE_FILE = 'servers.tsv';

const noTable = (file: string, asked: boolean): CommandOutcome =>
  refuse({
    code: 'init-no-table',
    message: asked ? `the table ${file} does not exist` : `there is no ${file} here`,
    hint: 'name the table with --from TABLE; its header needs HOSTNAME and IP_PRIVEE or PRIVATE_IP',
  });

const exists = (file: string): CommandOutcome =>
  refuse({
    code: 'init-exists',
    message: `${file} exists already`,
    hint: `name another file with -o, or overwrite it with --force`,
  });

const summary = (file: string, { hosts }: HostTable): string => {
  const of = (role: string): number => hosts.filter((host) => host.role === role).length;
  return [
    `${file} is written: ${count(of('server'), 'server')}, ${count(of('agent'), 'agent')}, ${count(of('external'), 'external host')}.`,
    `  check it:   drover config validate ${file}`,
    `  measure:    drover doctor -f ${file}`,
    '',
  ].join('\n');
};

const packageFile = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

interface Target {
  /** As the user wrote it; `-` = stdout. */
  readonly shown: string;
  readonly absolute: string;
}

const write = async (target: Target, spec: string, files: Files): Promise<CommandOutcome | undefined> => {
  const written = await files.write(target.absolute, spec);
  return written.ok
    ? undefined
    : refuse({
        code: 'init-not-written',
        message: `${target.shown} cannot be written`,
        cause: written.error.detail,
        hint: 'choose another place with -o',
      });
};

const targetOf = (output: string, cwd: string): Target => ({
  shown: output,
  absolute: output === '-' ? resolve(cwd, 'drover.yaml') : resolve(cwd, output),
});

interface Job {
  readonly table: string;
  readonly content: string;
  readonly target: Target;
  readonly name: string | undefined;
}

const make = async (
  { table, content, target, name }: Job,
  context: CommandContext,
): Promise<CommandOutcome> => {
  const folder = dirname(target.absolute);
  const made = initSpec({
    name: name ?? slug(basename(folder)) ?? 'cluster',
    table: relative(folder, resolve(context.cwd, table)),
    text: content,
    schema: relative(folder, packageFile(SCHEMA_PATH)),
  });
  for (const error of made.table.warnings) context.emit({ type: 'diagnostic', severity: 'warning', error });
  const [first, ...rest] = made.table.errors;
  if (made.spec === undefined)
    return first === undefined ? { exit: 'failure' } : { exit: 'spec', errors: [first, ...rest] };
  if (target.shown === '-') {
    context.print(made.spec);
    return { exit: 'ok' };
  }
  const failed = await write(target, made.spec, systemFiles);
  if (failed === undefined) context.print(summary(target.shown, made.table));
  return failed ?? { exit: 'ok' };
};

export const run: Handler = async ({ flags }, context) => {
  const asked = text(flags['from']);
  const table = asked ?? DEFAULT_TABLE_FILE;
  const target = targetOf(text(flags['output']) ?? 'drover.yaml', context.cwd);
  const content = await systemFiles.read(resolve(context.cwd, table));
  if (!content.ok && content.error.kind === 'missing') return noTable(table, asked !== undefined);
  if (!content.ok)
    return refuse({
      code: 'table-unreadable',
      message: `the table ${table} cannot be read`,
      cause: content.error.detail,
    });
  const present = target.shown !== '-' && (await systemFiles.exists(target.absolute));
  if (present && flags['force'] !== true) return exists(target.shown);
  return make({ table, content: content.value, target, name: text(flags['name']) }, context);
};

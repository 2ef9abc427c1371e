import { resolve } from 'node:path';
import { type ExportRequest, runExport } from '../../app/bundle/export.js';
import { bundleTools } from '../../app/bundle/wiring.js';
import type { DroverErrors } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import { exportText } from '../../report/export-text.js';
import type { CommandContext, Handler, ParsedArguments } from '../command.js';
import { growFrugally } from '../frugal-heap.js';
import { accessOf } from '../kube-flags.js';
import { listFlag, textFlag } from '../lab-context.js';
import { readMigration } from '../load-migration.js';

const given = (flag: readonly string[], spec: readonly string[]): readonly string[] =>
  flag.length > 0 ? flag : spec;

const requestOf = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<ExportRequest, DroverErrors>> => {
  const { flags } = args;
  const out = textFlag(flags, 'out');
  const file = textFlag(flags, 'file');
  const common = {
    namespaces: listFlag(flags, 'namespace'),
    include: listFlag(flags, 'include'),
    exclude: listFlag(flags, 'exclude'),
    recipients: listFlag(flags, 'recipient'),
  };
  if (file === undefined)
    return ok({
      ...common,
      source: accessOf(args, context),
      target: undefined,
      folder: resolve(context.cwd, out ?? 'bundle'),
      nodePorts: 'own',
      distributionRules: true,
    });
  const migration = await readMigration(file, context);
  if (!migration.ok) return migration;
  const { spec } = migration.value;
  return ok({
    source: accessOf(args, context, spec.source),
    target: spec.target,
    folder: out === undefined ? spec.bundle : resolve(context.cwd, out),
    namespaces: given(common.namespaces, spec.select.namespaces),
    include: given(common.include, spec.select.include),
    exclude: given(common.exclude, spec.select.exclude),
    recipients: [...spec.secrets.recipients, ...common.recipients],
    nodePorts: spec.select.nodePorts,
    distributionRules: spec.select.distributionRules,
  });
};

export const run: Handler = async (args, context) => {
  const request = await requestOf(args, context);
  if (!request.ok) return { errors: request.error };
  growFrugally();
  const tools = await bundleTools(context);
  if (!tools.ok) return { errors: [tools.error] };
  const exported = await runExport(request.value, tools.value);
  if (!exported.ok) return { errors: exported.error };
  context.print(exportText({ ...context.style, unicode: true }, exported.value, request.value.folder));
  return { exit: 'ok' };
};

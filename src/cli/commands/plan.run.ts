import { resolve } from 'node:path';
import { isEmpty } from '../../report/plan-text.js';
import { clusterSetup, planNow } from '../cluster-setup.js';
import type { CommandContext, Handler } from '../command.js';
import { textFlag } from '../lab-context.js';
import { planFile } from '../plan-file.js';
import { planPrinted } from '../plan-printed.js';

/** The command that applies what was just shown. */
const nextCommand = (file: string | undefined, spec: string | undefined, { realm }: CommandContext): string =>
  [
    'drover apply',
    ...(file === undefined ? [] : [file]),
    ...(spec === undefined ? [] : [`-f ${spec}`]),
    ...(realm.kind === 'lab' ? [`--lab ${realm.name}`] : []),
  ].join(' ');

export const run: Handler = async (args, context) => {
  const file = planFile(args.flags);
  if (!file.ok) return { errors: [file.error] };
  const out = file.value;
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  const { tools } = setup.value;
  try {
    const made = await planNow(setup.value, args, context);
    if (!made.ok) return { errors: made.error };
    const { plan } = made.value;
    if (out !== undefined) {
      const saved = await tools.files.write(resolve(context.cwd, out), `${JSON.stringify(plan, null, 2)}\n`, {
        mode: 0o600,
      });
      if (!saved.ok)
        return {
          errors: [
            {
              code: 'plan-not-written',
              message: `cannot write ${out}`,
              cause: saved.error.detail,
              state: 'nothing was changed',
            },
          ],
        };
    }
    const next = nextCommand(out, textFlag(args.flags, 'file'), context);
    context.print(planPrinted(plan, next, args, context));
    return { exit: args.flags['detailed-exitcode'] === true && !isEmpty(plan) ? 'changes' : 'ok' };
  } finally {
    await tools.instruments.dispose();
  }
};

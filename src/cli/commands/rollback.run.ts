import type { ExitReason } from '../../core/exit-codes.js';
import type { RunSummary } from '../../run/summary.js';
import { clusterSetup } from '../cluster-setup.js';
import type { Handler } from '../command.js';
import { goBack } from '../go-back.js';

const EXITS: Readonly<Record<RunSummary['event']['outcome'], ExitReason>> = {
  done: 'ok',
  'rolled-back': 'ok',
  stopped: 'stopped',
  failed: 'stopped',
  paused: 'paused',
};

export const run: Handler = async (args, context) => {
  const setup = await clusterSetup(args, context);
  if (!setup.ok) return { errors: setup.error };
  try {
    const ended = await goBack(args.positionals[0], setup.value, args, context);
    if (!ended.ok) return { errors: ended.error };
    return { exit: ended.value === undefined ? 'ok' : EXITS[ended.value.event.outcome] };
  } finally {
    await setup.value.tools.instruments.dispose();
  }
};

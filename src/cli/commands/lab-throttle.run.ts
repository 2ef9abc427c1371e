import { labThrottle } from '../../lab/cables.js';
import type { Throttle } from '../../lab/network/throttle.js';
import type { Handler, ParsedArguments } from '../command.js';
import { changeRequest, labContext, textFlag } from '../lab-context.js';

const throttleOf = ({ flags }: ParsedArguments): Throttle | undefined => {
  const given = (['rate', 'delay', 'loss'] as const).flatMap((name) => {
    const value = textFlag(flags, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
};

export const run: Handler = async (args, context) => {
  const host = args.positionals[0] ?? '';
  const throttle = throttleOf(args);
  const done = await labThrottle(labContext(context), {
    ...changeRequest(args, 'lab throttle'),
    host,
    throttle,
  });
  if (!done.ok) return { errors: [done.error] };
  context.print(throttle === undefined ? `${host}: no longer throttled.\n` : `${host}: throttled.\n`);
  return { exit: 'ok' };
};

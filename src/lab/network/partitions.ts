import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import { gatewayNetns, portName } from '../names.js';
import type { LabPlan } from '../state/schema.js';
import { checkInNetns } from './netns.js';

type Pair = readonly [string, string];

/** nftables text that cuts exactly the given pairs of hosts from each other, in both directions. */
export const partitionRules = (plan: LabPlan, pairs: readonly Pair[]): string => {
  const family = plan.network === 'routed' ? 'ip' : 'bridge';
  const table = `table ${family} drover_partitions`;
  const cut = (from: string, to: string): string =>
    `    iifname "${portName(plan, from)}" oifname "${portName(plan, to)}" drop`;
  // Declaring the table first makes the deletion succeed when there is none yet.
  return [
    table,
    `delete ${table}`,
    `${table} {`,
    '  chain forward {',
    '    type filter hook forward priority -10; policy accept;',
    ...pairs.flatMap(([a, b]) => [cut(a, b), cut(b, a)]),
    '  }',
    '}',
    '',
  ].join('\n');
};

/** Makes the network match the recorded partitions. */
export const applyPartitions = async (
  plan: LabPlan,
  pairs: readonly Pair[],
): Promise<Result<void, DroverError>> => {
  const done = await checkInNetns(gatewayNetns(plan), ['nft', '-f', '-'], {
    input: partitionRules(plan, pairs),
  });
  return done.ok ? ok(undefined) : done;
};

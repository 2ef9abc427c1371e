import { portName } from '../names.js';
import type { LabHost, LabPlan } from '../state/schema.js';
import type { NetworkFault, PortNames } from './fault.js';

const portNames = (plan: LabPlan): PortNames => ({
  from: (host) => `iifname "${portName(plan, host.name)}"`,
  to: (host) => `oifname "${portName(plan, host.name)}"`,
});

const family = (plan: LabPlan): string => (plan.network === 'routed' ? 'ip' : 'bridge');

const table = (plan: LabPlan, fault: NetworkFault): string =>
  `table ${family(plan)} fault_${fault.id.replaceAll('-', '_')}`;

/** nftables text that puts a fault where the lab forwards packets, in place of an earlier one of the same kind. Pure. */
export const networkFaultRules = (
  plan: LabPlan,
  fault: NetworkFault,
  targets: readonly LabHost[],
): string => {
  const name = table(plan, fault);
  return [
    name,
    `delete ${name}`,
    ...(targets.length === 0
      ? []
      : [
          `${name} {`,
          '  chain forward {',
          '    type filter hook forward priority -20; policy accept;',
          ...fault.rules(targets, portNames(plan)).map((rule) => `    ${rule}`),
          '  }',
          '}',
        ]),
    '',
  ].join('\n');
};

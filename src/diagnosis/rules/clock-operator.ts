import { observe } from '../access.js';
import { finding, manual } from '../compose.js';
import { defineRule } from '../rule.js';

const LIMIT_MS = 5000;

export const clockOperator = defineRule({
  code: 'clock-operator',
  title: "All hosts differ from the operator's clock",
  severity: 'warning',
  reads: ['clock'],
  explain: `All hosts agree with each other but not with this machine. Either this machine's clock is wrong, or all hosts follow a wrong source. Certificates and tokens that
are made here are then not valid yet, or no longer, over there.`,
  check: (context) => {
    const seen = observe(context, 'clock', ({ skewMs, uncertaintyMs }) =>
      Math.abs(skewMs) - uncertaintyMs > LIMIT_MS
        ? {
            text: `host minus operator: ${(skewMs / 1000).toFixed(1)} s ± ${(uncertaintyMs / 1000).toFixed(1)} s`,
            at: 'skewMs',
          }
        : undefined,
    );
    const known = observe(context, 'clock', () => '').length;
    if (known === 0 || seen.length * 2 <= known) return [];
    return [
      finding(seen, {
        title: "The clock of this machine differs from the hosts' clocks",
        cause: 'This machine, or the time source of all hosts, is wrong.',
        fix: manual('compare with a third clock: date -u; then here: timedatectl set-ntp true'),
      }),
    ];
  },
});

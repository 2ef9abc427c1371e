import { type Observation, observe } from '../access.js';
import { findingIf, step, where } from '../compose.js';
import { defineRule } from '../rule.js';

/** etcd warns from one second on; half of it is worth a word. */
const WARN_MS = 500;
const ERROR_MS = 2000;

type Timed = Observation & { readonly skew: number; readonly uncertainty: number };

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

export const clockSkew = defineRule({
  code: 'clock-skew',
  title: 'Clocks of hosts differ from each other',
  severity: 'warning',
  reads: ['clock'],
  explain: `etcd warns when peers differ by more than a second, leases and certificates are judged by each host's own clock, and a join fails with "certificate is not yet valid"
when a host lags behind. The difference is measured at half the round trip; only what exceeds that uncertainty is reported.`,
  source: 'https://etcd.io/docs/v3.5/op-guide/hardware/',
  check: (context) => {
    const skews = new Map<string, { skew: number; uncertainty: number }>();
    const all = observe(context, 'clock', ({ skewMs, uncertaintyMs }, host) => {
      skews.set(host.name, { skew: skewMs, uncertainty: uncertaintyMs });
      return { text: '', at: 'skewMs' };
    });
    if (all.length < 2) return [];
    const timed: Timed[] = all.map((one) => ({
      ...one,
      ...(skews.get(one.host) ?? { skew: 0, uncertainty: 0 }),
    }));
    const usual = median(timed.map(({ skew }) => skew));
    const far = timed.filter(({ skew, uncertainty }) => Math.abs(skew - usual) - uncertainty > WARN_MS);
    const worst = Math.max(0, ...far.map(({ skew, uncertainty }) => Math.abs(skew - usual) - uncertainty));
    const seen = far.map((one) => ({ ...one, text: describe(one.skew - usual) }));
    return findingIf(seen, () => ({
      severity: worst > ERROR_MS ? 'error' : 'warning',
      title: `The clock of ${where(seen)} differs from the other hosts`,
      cause: 'No time service runs there, or it has not caught up yet.',
      fix: step(
        'host.time',
        'apt-get install systemd-timesyncd && timedatectl set-ntp true; check with timedatectl',
      ),
    }));
  },
});

const describe = (offset: number): string =>
  `${Math.abs(offset / 1000).toFixed(1)} s ${offset > 0 ? 'ahead of' : 'behind'} the usual clock of the hosts`;

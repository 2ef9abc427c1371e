import { ok } from '../../core/result.js';
import type { Change } from '../change.js';
import { mustSucceed, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';

type State = {
  readonly devices: readonly string[];
  readonly fstab: readonly string[];
  /** A service makes swap in compressed memory at every boot. */
  readonly zramService: boolean;
  readonly shared: boolean;
};

const ZRAM = 'zramswap.service';

// Swap goes first: when there is no memory for what it holds, nothing else was touched. Lines stay in fstab as
// comments, so that a person sees what was there.
const SCRIPT = `
if [ "$SHARED" = no ]; then save_swap && swapoff -a || exit 1; fi
if [ "$ZRAM" = yes ]; then save_unit ${ZRAM} && systemctl disable --quiet --now ${ZRAM} || exit 1; fi
[ -e /etc/fstab ] || exit 0
save_file /etc/fstab || exit 73
new=/etc/fstab.drover-new
cp -p /etc/fstab "$new" && awk '$1 !~ /^#/ && $3 == "swap" { print "# switched off by Drover: " $0; next } { print }' /etc/fstab >"$new" &&
  sync "$new" && mv -fT "$new" /etc/fstab && systemctl daemon-reload
`;

/** Swap off, now and at every boot: the kubelet's memory figures mean nothing with it. */
export const hostSwap = defineStep<Record<string, never>, State>({
  id: 'host.swap',
  title: () => 'Switch swap off',
  scope: 'host',
  reads: ['swap', 'os', 'units'],
  risk: 'low',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 2 },
  timeoutMs: 120_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject) => {
    const sections = world.hosts.get(subject.host ?? '')?.sections;
    const swap = sections?.swap?.value;
    const os = sections?.os?.value;
    const units = sections?.units?.value;
    if (swap === undefined || os === undefined || units === undefined) return undefined;
    return {
      devices: os.sharedKernel ? [] : swap.active.map(({ device }) => device),
      fstab: swap.fstab,
      zramService: units['zramswap']?.enabled === 'enabled',
      shared: os.sharedKernel,
    };
  },
  diff: (state) => {
    if (state === undefined) return [{ kind: 'unknown', what: 'swap' }];
    return [
      ...state.devices.map((device): Change => ({ kind: 'run', what: `swapoff ${device}` })),
      ...state.fstab.map(
        (line): Change => ({ kind: 'change', what: '/etc/fstab', before: line, after: 'commented out' }),
      ),
      ...(state.zramService
        ? [{ kind: 'change', what: ZRAM, before: 'enabled', after: 'disabled' } as const]
        : []),
    ];
  },
  apply: async (context, _params, state) => {
    const name = context.subject.host ?? '';
    const shared = state?.shared === true ? 'yes' : 'no';
    const script = `SHARED=${shared}\nZRAM=${state?.zramService === true ? 'yes' : 'no'}\n${SCRIPT}`;
    const done = mustSucceed(name, 'switch swap off', await context.on(name).change(script));
    return done.ok ? ok({}) : done;
  },
  verify: async (context) => {
    const name = context.subject.host ?? '';
    const shared = context.world.hosts.get(name)?.sections.os?.value?.sharedKernel === true;
    const seen = await context
      .read(name)
      .read(
        `${shared ? 'true' : 'tail -n +2 /proc/swaps'}; awk '$1 !~ /^#/ && $3 == "swap"' /etc/fstab 2>/dev/null; systemctl is-enabled ${ZRAM} 2>/dev/null | sed -n 's/^enabled/${ZRAM} is enabled/p'`,
      );
    if (!seen.ok) return seen;
    const rest = seen.value.stdout.trim();
    if (rest !== '') return notHeld(name, 'swap is still on', rest);
    const remark = ' in fstab (shared kernel: swap itself is not this host’s to switch)';
    return ok({ text: `no swap${shared ? remark : ', now and at boot'}` });
  },
});

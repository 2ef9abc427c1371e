import { err, ok } from '../../core/result.js';
import type { Change } from '../change.js';
import { mustSucceed } from '../outcome.js';
import { defineStep } from '../step.js';

type State = {
  readonly devices: readonly string[];
  readonly fstab: readonly string[];
  readonly shared: boolean;
};

// Lines stay in fstab as comments, so that a person sees what was there.
const SCRIPT = `
save_file /etc/fstab
save_swap
sed -i -E 's/^([^#].*[[:space:]]swap[[:space:]].*)$/# switched off by Drover: \\1/' /etc/fstab && sync /etc/fstab || exit 1
[ "$SHARED" = yes ] || swapoff -a
`;

/** Swap off, now and at every boot: the kubelet's memory figures mean nothing with it. */
export const hostSwap = defineStep<Record<string, never>, State>({
  id: 'host.swap',
  title: () => 'Switch swap off',
  scope: 'host',
  reads: ['swap', 'os'],
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
    if (swap === undefined || os === undefined) return undefined;
    return {
      devices: os.sharedKernel ? [] : swap.active.map(({ device }) => device),
      fstab: swap.fstab,
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
    ];
  },
  apply: async (context, _params, state) => {
    const name = context.subject.host ?? '';
    const script = `SHARED=${state?.shared === true ? 'yes' : 'no'}\n${SCRIPT}`;
    const done = mustSucceed(name, 'switch swap off', await context.on(name).change(script));
    return done.ok ? ok({}) : done;
  },
  verify: async (context) => {
    const name = context.subject.host ?? '';
    const shared = context.world.hosts.get(name)?.sections.os?.value?.sharedKernel === true;
    const seen = await context
      .read(name)
      .read(
        `${shared ? 'true' : 'tail -n +2 /proc/swaps'}; grep -E '^[^#].*[[:space:]]swap[[:space:]]' /etc/fstab || true`,
      );
    if (!seen.ok) return seen;
    const rest = seen.value.stdout.trim();
    if (rest === '')
      return ok({
        text: `no swap${shared ? ' in fstab (shared kernel: swap itself is not this host’s)' : ''}`,
      });
    return err({
      class: 'permanent',
      code: 'command-failed',
      host: name,
      message: `${name}: swap is still on`,
      cause: rest,
    });
  },
});

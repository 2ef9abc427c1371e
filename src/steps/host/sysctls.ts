import { err, ok } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { Change } from '../change.js';
import { plainFile, toEffect } from '../files/file-goals.js';
import { inOrder, mustSucceed, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';
import { type BootSetting, fits, overriding, plainValue, type Wanted } from './boot-sysctls.js';

/** Kernel parameters of Drover’s choice, set at every boot. */
export const SYSCTL_FILE = '/etc/sysctl.d/90-drover.conf';

type Params = {
  readonly values: Readonly<Record<string, string>>;
  /** Numbers that shall be at least this: what the host has more of stays. */
  readonly least: Readonly<Record<string, string>>;
};
type Values = Readonly<Record<string, string | null>>;
type State = {
  /** null = the kernel has no such key (yet). */
  readonly now: Values;
  /** What Drover's own file sets. */
  readonly own: Readonly<Record<string, string>>;
  /** Settings of other files that would win over it at boot. */
  readonly overriding: readonly BootSetting[];
  /** Keys that this host cannot set, because it shares its kernel with others. */
  readonly foreign: readonly string[];
};

const wantedOf = ({ values, least }: Params): Record<string, Wanted> => ({
  ...Object.fromEntries(Object.entries(least).map(([key, value]) => [key, { value, least: true }])),
  ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, least: false }])),
});

/** Only the network's own parameters belong to a host that shares its kernel, and of these only some are seen there. */
const isOwn = (key: string): boolean =>
  key.startsWith('net.') && !key.startsWith('net.netfilter.') && !key.startsWith('net.bridge.');

/** The value to set: more than the least where the host has more already. What a shared kernel has is others' choice. */
const target = (key: string, wanted: Wanted, state: State | undefined): string => {
  const now = state?.foreign.includes(key) ? undefined : state?.now[key];
  const present = [now, state?.own[key]].filter((value) => fits(value, wanted)).map(Number);
  return wanted.least && present.length > 0 ? String(Math.max(...present)) : wanted.value;
};

const differing = (state: State, params: Params): string[] =>
  Object.entries(wantedOf(params))
    .filter(([key, wanted]) => !state.foreign.includes(key) && !fits(state.now[key], wanted))
    .map(([key]) => key);

const fileOf = (params: Params, state: State | undefined): string => {
  const lines = Object.entries(wantedOf(params))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, wanted]) => `${key} = ${target(key, wanted, state)}\n`);
  return `# Written by Drover\n${lines.join('')}`;
};

const fileChanges = (state: State, params: Params): Change[] => {
  const wanted = wantedOf(params);
  const lines = Object.entries(wanted)
    .filter(([key, want]) => !fits(state.own[key], want))
    .map(([key, want]): Change => {
      const after = `${key} = ${target(key, want, state)}`;
      const before = state.own[key];
      return before === undefined
        ? { kind: 'add', what: SYSCTL_FILE, after }
        : { kind: 'change', what: SYSCTL_FILE, before: `${key} = ${before}`, after };
    });
  const gone = Object.keys(state.own).filter((key) => wanted[key] === undefined);
  return [...lines, ...gone.map((key): Change => ({ kind: 'remove', what: SYSCTL_FILE, before: key }))];
};

const diffOf = (state: State, params: Params): Change[] => [
  ...fileChanges(state, params),
  ...state.overriding.map(
    ({ file, key, value }): Change => ({
      kind: 'change',
      what: file,
      before: `${key} = ${value}`,
      after: 'commented out',
    }),
  ),
  ...differing(state, params).map(
    (key): Change => ({
      kind: 'change',
      what: key,
      before: state.now[key] ?? 'absent',
      after: wantedOf(params)[key]?.value ?? '',
    }),
  ),
];

const setScript = (keys: readonly string[], params: Params): string =>
  keys
    .map((key) => {
      const value = wantedOf(params)[key]?.value ?? '';
      return `save_sysctl ${shellQuote(key)}; sysctl -qw ${shellQuote(`${key}=${value}`)} || exit 1`;
    })
    .join('\n');

/** Comments the lines of a key out; what stands there is saved first. */
const commentScript = (settings: readonly BootSetting[]): string =>
  settings
    .map(({ file, key }) => {
      const path = shellQuote(file);
      const pattern = key.replaceAll(/[.*+?^${}()|[\]\\/]/g, (sign) => (sign === '.' ? '[./]' : `\\${sign}`));
      return `save_file ${path} && sed -i -E ${shellQuote(`s|^([[:space:]]*-?[[:space:]]*${pattern}[[:space:]]*=.*)$|# commented out by Drover: \\1|`)} ${path} && sync ${path} || exit 1`;
    })
    .join('\n');

/** Kernel parameters, now and at every boot, in a file of Drover's own that no later file contradicts. */
export const hostSysctls = defineStep<Params, State>({
  id: 'host.sysctls',
  title: () => 'Set kernel parameters',
  scope: 'host',
  reads: ['sysctls', 'sysctl-files', 'os'],
  risk: 'low',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject, params) => {
    const sections = world.hosts.get(subject.host ?? '')?.sections;
    const boot = sections?.['sysctl-files']?.value;
    const sysctls = sections?.sysctls?.value;
    const os = sections?.os?.value;
    if (boot === undefined || sysctls === undefined || os === undefined) return undefined;
    const wanted = wantedOf(params);
    const keys = Object.keys(wanted);
    return {
      now: Object.fromEntries(keys.map((key) => [key, sysctls[key] ?? null])),
      own: Object.fromEntries(
        boot.filter(({ file }) => file === SYSCTL_FILE).map(({ key, value }) => [key, value]),
      ),
      overriding: overriding(boot, SYSCTL_FILE, wanted),
      foreign: os.sharedKernel ? keys.filter((key) => !isOwn(key) || sysctls[key] === undefined) : [],
    };
  },
  diff: (state, params) =>
    state === undefined ? [{ kind: 'unknown', what: SYSCTL_FILE }] : diffOf(state, params),
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    const host = context.on(name);
    const keys = state === undefined ? Object.keys(wantedOf(params)) : differing(state, params);
    const others = state?.overriding ?? [];
    const vendor = others.find(({ file }) => !file.startsWith('/etc/'));
    if (vendor !== undefined)
      return err({
        class: 'person',
        code: 'step-not-here',
        host: name,
        message: `${name}: ${vendor.file} sets ${vendor.key} = ${vendor.value} after Drover’s file`,
        hint: `hide it by a file of the same name in /etc/sysctl.d, or change spec.preparation.sysctls`,
      });
    const script = `${commentScript(others)}\n${setScript(keys, params)}`.trim();
    const done = await inOrder([
      () => host.files([toEffect(plainFile(SYSCTL_FILE, fileOf(params, state)))]),
      async () =>
        script === '' ? ok(undefined) : mustSucceed(name, 'set kernel parameters', await host.change(script)),
    ]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const shared = context.world.hosts.get(name)?.sections.os?.value?.sharedKernel === true;
    const wanted = Object.entries(wantedOf(params));
    const seen = await context
      .read(name)
      .read(
        wanted
          .map(
            ([key]) =>
              `echo "$(sysctl -n ${shellQuote(key)} 2>/dev/null)|$(sed -n ${shellQuote(`s/^${key.replaceAll('/', '\\/')} = //p`)} ${SYSCTL_FILE} 2>/dev/null)"`,
          )
          .join('\n') || 'true',
      );
    if (!seen.ok) return seen;
    const lines = seen.value.stdout.split('\n').map((line) => line.split('|'));
    const wrong = wanted.filter(([key, want], index) => {
      const [now = '', atBoot = ''] = lines[index] ?? [];
      return (
        !fits(plainValue(atBoot), want) ||
        (!(shared && (!isOwn(key) || now === '')) && !fits(plainValue(now), want))
      );
    });
    if (wrong.length > 0) return notHeld(name, `${wrong.map(([key]) => key).join(', ')} not as wanted`);
    const remark = shared ? ' (shared kernel: only the network’s own parameters can be set here)' : '';
    return ok({ text: `${wanted.length} kernel parameters as wanted, now and at boot${remark}` });
  },
});

import { err, ok } from '../../core/result.js';
import type { Change } from '../change.js';
import {
  diffFiles,
  type FileStates,
  observeFiles,
  type PlainFile,
  plainFile,
  toEffect,
} from '../files/file-goals.js';
import { inOrder, mustSucceed } from '../outcome.js';
import { defineStep } from '../step.js';

const FILE = '/etc/sysctl.d/90-drover.conf';

type Params = { readonly values: Readonly<Record<string, string>> };
type State = {
  readonly files: FileStates;
  /** null = the kernel has no such key (yet). */
  readonly now: Readonly<Record<string, string | null>>;
  /** Keys that this host cannot set, because it shares its kernel with others. */
  readonly foreign: readonly string[];
};

const goalOf = ({ values }: Params): PlainFile =>
  plainFile(
    FILE,
    `# Written by Drover\n${Object.entries(values)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key} = ${value}\n`)
      .join('')}`,
  );

/** Only the network's own parameters belong to a host that shares its kernel. */
const isOwn = (key: string): boolean =>
  key.startsWith('net.') && !key.startsWith('net.netfilter.') && !key.startsWith('net.bridge.');

const plain = (value: string): string => value.trim().replaceAll(/\s+/g, ' ');

const differing = ({ now, foreign }: State, { values }: Params): string[] =>
  Object.keys(values).filter(
    (key) => !foreign.includes(key) && plain(now[key] ?? '') !== plain(values[key] ?? ''),
  );

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Kernel parameters, now and at every boot, in a file of Drover's own. */
export const hostSysctls = defineStep<Params, State>({
  id: 'host.sysctls',
  title: () => 'Set kernel parameters',
  scope: 'host',
  reads: ['sysctls', 'files', 'os'],
  risk: 'low',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject, params) => {
    const sections = world.hosts.get(subject.host ?? '')?.sections;
    const files = observeFiles(world, subject, [FILE]);
    const sysctls = sections?.sysctls?.value;
    const os = sections?.os?.value;
    if (files === undefined || sysctls === undefined || os === undefined) return undefined;
    const keys = Object.keys(params.values);
    return {
      files,
      now: Object.fromEntries(keys.map((key) => [key, sysctls[key] ?? null])),
      foreign: os.sharedKernel ? keys.filter((key) => !isOwn(key)) : [],
    };
  },
  diff: (state, params) => {
    const files = diffFiles(state?.files, [goalOf(params)]);
    if (state === undefined) return files;
    const changes = differing(state, params).map((key): Change => {
      const before = state.now[key];
      return { kind: 'change', what: key, before: before ?? 'absent', after: params.values[key] ?? '' };
    });
    return [...files, ...changes];
  },
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    const host = context.on(name);
    const keys = state === undefined ? Object.keys(params.values) : differing(state, params);
    const script = keys
      .map(
        (key) =>
          `save_sysctl ${quote(key)}; sysctl -qw ${quote(`${key}=${params.values[key] ?? ''}`)} || exit 1`,
      )
      .join('\n');
    const done = await inOrder([
      () => host.files([toEffect(goalOf(params))]),
      async () =>
        keys.length === 0
          ? ok(undefined)
          : mustSucceed(name, 'set kernel parameters', await host.change(script)),
    ]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const shared = context.world.hosts.get(name)?.sections.os?.value?.sharedKernel === true;
    const keys = Object.keys(params.values).filter((key) => !shared || isOwn(key));
    const seen = await context
      .read(name)
      .read(keys.map((key) => `sysctl -n ${quote(key)} 2>/dev/null || echo`).join('\n') || 'true');
    if (!seen.ok) return seen;
    const values = seen.value.stdout.split('\n');
    const wrong = keys.filter((key, index) => plain(values[index] ?? '') !== plain(params.values[key] ?? ''));
    const remark = shared ? ' (shared kernel: only the network’s own parameters can be set here)' : '';
    if (wrong.length === 0) return ok({ text: `${keys.length} kernel parameters as wanted${remark}` });
    return err({
      class: 'permanent',
      code: 'command-failed',
      host: name,
      message: `${name}: ${wrong.join(', ')} not as wanted`,
    });
  },
});

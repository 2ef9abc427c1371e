import { ok } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { FeatureState } from '../../facts/model/kernel.js';
import type { Change } from '../change.js';
import {
  diffFiles,
  type FileStates,
  observeFiles,
  type PlainFile,
  plainFile,
  toEffect,
} from '../files/file-goals.js';
import { inOrder, mustSucceed, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';

/** Modules of Drover’s choice, loaded at every boot. */
export const MODULES_FILE = '/etc/modules-load.d/drover.conf';

type Params = { readonly modules: readonly string[] };
type State = {
  readonly files: FileStates;
  readonly features: Readonly<Record<string, FeatureState>>;
  /** The kernel belongs to others as well: modules are not this host's to load. */
  readonly shared: boolean;
};

const goalOf = ({ modules }: Params): PlainFile =>
  plainFile(MODULES_FILE, `# Written by Drover\n${modules.map((name) => `${name}\n`).join('')}`);

const toLoad = (state: State | undefined, { modules }: Params): readonly string[] => {
  if (state === undefined) return modules;
  if (state.shared) return [];
  return modules.filter((name) => !['loaded', 'builtin'].includes(state.features[name] ?? 'absent'));
};

const loadScript = (names: readonly string[]): string =>
  names
    .map((name) => `save_module ${shellQuote(name)} && modprobe -- ${shellQuote(name)} || exit 1`)
    .join('\n');

/** Prints the modules that the kernel does not have, and those that the file does not name. */
const checkScript = (modules: readonly string[], shared: boolean): string => `
for name in ${modules.map(shellQuote).join(' ')}; do
  grep -qx "$name" ${MODULES_FILE} || echo "$name is not loaded at boot"
  ${shared ? 'continue' : ''}
  [ -d "/sys/module/$name" ] || grep -q "/$name\\.ko" "/lib/modules/$(uname -r)/modules.builtin" || echo "$name is not loaded"
done`;

/** Kernel modules that nodes and their network need, now and at every boot. */
export const hostModules = defineStep<Params, State>({
  id: 'host.modules',
  title: () => 'Load kernel modules',
  scope: 'host',
  reads: ['kernel', 'files', 'os'],
  risk: 'low',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject, params) => {
    const sections = world.hosts.get(subject.host ?? '')?.sections;
    const files = observeFiles(world, subject, [MODULES_FILE]);
    const kernel = sections?.kernel?.value;
    const os = sections?.os?.value;
    if (files === undefined || kernel === undefined || os === undefined) return undefined;
    const features = params.modules.map((name) => [name, kernel.features[name] ?? 'absent'] as const);
    return { files, features: Object.fromEntries(features), shared: os.sharedKernel };
  },
  diff: (state, params) => [
    ...diffFiles(state?.files, [goalOf(params)]),
    ...toLoad(state, params).map(
      (name): Change => ({
        kind: state === undefined ? 'unknown' : 'run',
        what: `modprobe ${name}`,
      }),
    ),
  ],
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    const host = context.on(name);
    const load = toLoad(state, params);
    const done = await inOrder([
      () => host.files([toEffect(goalOf(params))]),
      async () =>
        load.length === 0
          ? ok(undefined)
          : mustSucceed(name, 'load kernel modules', await host.change(loadScript(load))),
    ]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const shared = context.world.hosts.get(name)?.sections.os?.value?.sharedKernel === true;
    const seen = await context.read(name).read(checkScript(params.modules, shared));
    if (!seen.ok) return seen;
    const missing = seen.value.stdout.trim().split('\n').filter(Boolean);
    if (missing.length > 0) return notHeld(name, missing.join(', '));
    const remark = shared ? ' (shared kernel: what is loaded now is not this host’s to decide)' : '';
    return ok({
      text: `${params.modules.length} modules named for every boot${shared ? '' : ' and loaded'}${remark}`,
    });
  },
});

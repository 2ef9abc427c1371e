import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { Change } from '../change.js';
import type { CommandOutput } from '../effects.js';
import type { StepFailure } from '../failure.js';
import { diffFiles, type FileStates, observeFiles, plainFile } from '../files/file-goals.js';
import { heldFile, verifyFiles } from '../files/held-files.js';
import { installation, installScript } from '../host/apt.js';
import { lastWords, mustSucceed, notHeld } from '../outcome.js';
import { type ApplyContext, defineStep } from '../step.js';

type Params = {
  /** Name of the load balancer. */
  readonly balancer: string;
  /** The whole file. */
  readonly config: string;
  /** Where it listens, `ADDRESS:PORT`. */
  readonly listeners: readonly string[];
};
type State = {
  readonly installed: boolean;
  /** `apt`, or what the host has instead. */
  readonly manager: string;
  readonly files: FileStates;
  readonly enabled: boolean;
  readonly active: boolean;
};

const CONFIG = '/etc/haproxy/haproxy.cfg';
const UNIT = 'haproxy.service';
const PLACE_MS = 60_000;

const fileOf = ({ config }: Params) => plainFile(CONFIG, config);

const diffOf = (state: State, params: Params): Change[] => {
  const started = state.active && state.enabled;
  return [
    ...(state.installed ? [] : [{ kind: 'add', what: 'package haproxy' } as const]),
    ...diffFiles(state.files, [fileOf(params)]),
    ...(started ? [] : [{ kind: 'run', what: UNIT, after: 'enabled and started' } as const]),
  ];
};

const noApt = (host: string, manager: string): StepFailure => ({
  class: 'person',
  code: 'step-not-here',
  host,
  message: `${host}: packages are installed by apt, which this host does not have (${manager})`,
  hint: 'install haproxy by hand, or leave `manage` out and take the configuration from `drover balancer`',
});

const WORDS: Readonly<Record<number, readonly [StepFailure['code'], string]>> = {
  30: ['haproxy-refused', 'HAProxy refuses the configuration; the former one still stands'],
  31: ['haproxy-port-taken', 'a port of the load balancer is taken; nothing was changed'],
  32: ['haproxy-not-listening', 'HAProxy does not listen where it shall'],
};

const placed = (host: string, output: CommandOutput): Result<Record<string, never>, StepFailure> => {
  const [code, message] = WORDS[output.status] ?? ['command-failed', 'cannot configure HAProxy'];
  if (output.status === 0) return ok({});
  return err({ class: 'permanent', code, host, message: `${host}: ${message}`, cause: lastWords(output) });
};

/** The text that puts the configuration in place. */
const placeScript = ({ listeners }: Params): string =>
  [
    `LISTENERS=${shellQuote(listeners.join(' '))}`,
    readFileSync(new URL('haproxy.sh', import.meta.url), 'utf8'),
  ].join('\n');

const install = async (
  { on, progress }: ApplyContext,
  host: string,
): Promise<Result<unknown, StepFailure>> => {
  progress('installing HAProxy');
  // The package brings a configuration that goes with it: there was none before.
  const script = `save_file ${CONFIG} || exit 73\n${installScript(['haproxy'])}`;
  return mustSucceed(host, 'install HAProxy', await on(host).change(script));
};

/** HAProxy with the configuration of one load balancer of the spec, running. */
export const haproxy = defineStep<Params, State>({
  id: 'haproxy.config',
  title: ({ balancer }) => `Balance by HAProxy as ${balancer}`,
  scope: 'host',
  reads: ['packages', 'files', 'units'],
  risk: 'medium',
  ...installation,
  observe: (world, subject) => {
    const sections = world.hosts.get(subject.host ?? '')?.sections;
    const [packages, units] = [sections?.packages?.value, sections?.units?.value];
    const files = observeFiles(world, subject, [CONFIG]);
    if (packages === undefined || units === undefined || files === undefined) return undefined;
    const unit = units['haproxy'];
    return {
      installed: packages.installed?.includes('haproxy') === true,
      manager: packages.manager,
      files,
      enabled: unit?.enabled === 'enabled',
      active: unit?.active === 'active',
    };
  },
  diff: (state, params) =>
    state === undefined
      ? [{ kind: 'unknown', what: `HAProxy for ${params.balancer}` }]
      : diffOf(state, params),
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    const host = context.on(name);
    if (state?.installed !== true) {
      if (state !== undefined && state.manager !== 'apt') return err(noApt(name, state.manager));
      const installed = await install(context, name);
      if (!installed.ok) return installed;
    }
    const kept = await host.keepUnit(UNIT);
    if (!kept.ok) return kept;
    const data = `${Buffer.from(params.config).toString('base64')}\n`;
    const options = { data, title: 'configure HAProxy', timeoutMs: PLACE_MS };
    const done = await host.change(placeScript(params), options);
    return done.ok ? placed(name, done.value) : done;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const held = await verifyFiles(context, [heldFile(fileOf(params))]);
    if (!held.ok) return held;
    const ports = [...new Set(params.listeners.map((at) => at.slice(at.lastIndexOf(':') + 1)))];
    const looks = ports.map(
      (port) => `ss -Hltnp 'sport = :${port}' | grep -q '"haproxy"' || echo 'it does not listen on ${port}'`,
    );
    const seen = await context
      .read(name)
      .read([`systemctl is-active ${UNIT} >/dev/null || echo 'it does not run'`, ...looks].join('\n'));
    if (!seen.ok) return seen;
    const wrong = seen.value.stdout.trim();
    if (wrong !== '') return notHeld(name, `HAProxy: ${wrong.replaceAll('\n', ', ')}`);
    return ok({ text: `HAProxy listens on ${ports.join(', ')}` });
  },
});

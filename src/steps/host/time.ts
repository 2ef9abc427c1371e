import { err, ok } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { CollectorValue } from '../../facts/model/host-facts.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
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
import { installScript } from './apt.js';

const TIMESYNCD = 'systemd-timesyncd';
const TIMESYNCD_FILE = '/etc/systemd/timesyncd.conf.d/50-drover.conf';
const CHRONY_FILE = '/etc/chrony/sources.d/drover.sources';

/** Services that keep the clock; one that is there already is respected. */
const SERVICES = ['chrony', 'chronyd', 'ntpsec', 'ntp', 'ntpd', 'openntpd', TIMESYNCD] as const;

type Params = {
  readonly sync: boolean;
  readonly servers: readonly string[];
  readonly timezone: string | null;
};
type State = {
  /** The unit that keeps the clock; null = none is installed. */
  readonly service: string | null;
  readonly enabled: boolean;
  readonly active: boolean;
  readonly timezone: string;
  readonly files: FileStates;
  readonly shared: boolean;
};

const dropIn = (service: string, servers: readonly string[]): PlainFile | undefined => {
  if (service === TIMESYNCD)
    return plainFile(TIMESYNCD_FILE, `# Written by Drover\n[Time]\nNTP=${servers.join(' ')}\n`);
  if (service.startsWith('chrony'))
    return plainFile(
      CHRONY_FILE,
      `# Written by Drover\n${servers.map((server) => `server ${server} iburst\n`).join('')}`,
    );
  return undefined;
};

const goalsOf = ({ sync, servers }: Params, service: string): PlainFile[] => {
  const file = sync && servers.length > 0 ? dropIn(service, servers) : undefined;
  return file === undefined ? [] : [file];
};

const diffOf = (state: State, params: Params): Change[] => {
  const service = state.service ?? TIMESYNCD;
  const install: Change[] =
    params.sync && state.service === null ? [{ kind: 'add', what: `package ${TIMESYNCD}` }] : [];
  const enable: Change[] =
    params.sync && state.service !== null && !state.enabled
      ? [{ kind: 'change', what: service, before: 'disabled', after: 'enabled' }]
      : [];
  const start: Change[] =
    params.sync && state.service !== null && state.enabled && !state.active && !state.shared
      ? [{ kind: 'run', what: `systemctl start ${service}` }]
      : [];
  const zone: Change[] =
    params.timezone !== null && params.timezone !== state.timezone
      ? [{ kind: 'change', what: 'time zone', before: state.timezone, after: params.timezone }]
      : [];
  return [...install, ...enable, ...start, ...diffFiles(state.files, goalsOf(params, service)), ...zone];
};

/** The service that is enabled, else one that could be. */
const serviceOf = (units: CollectorValue<'units'>): Pick<State, 'service' | 'enabled' | 'active'> => {
  const there = SERVICES.filter((name) => units[name] !== undefined);
  const service = there.find((name) => units[name]?.enabled === 'enabled') ?? there[0] ?? null;
  const unit = units[service ?? ''];
  return { service, enabled: unit?.enabled === 'enabled', active: unit?.active === 'active' };
};

const LOOK = `
for unit in ${SERVICES.join(' ')}; do
  [ "$(systemctl is-enabled "$unit" 2>/dev/null)" = enabled ] && echo "$unit $(systemctl is-active "$unit")" && break
done
echo "zone $(readlink /etc/localtime | sed 's|.*/zoneinfo/||')"
echo "synchronised $(timedatectl show -p NTPSynchronized --value 2>/dev/null)"`;

/** What is not as wanted; undefined = all is. */
const wrongOf = (lines: readonly string[], params: Params, shared: boolean): string | undefined => {
  const unit = lines.find((line) => SERVICES.some((service) => line.startsWith(`${service} `)));
  if (params.sync && unit === undefined) return 'no time service is enabled';
  if (params.sync && !shared && unit?.endsWith(' active') !== true) return 'the time service does not run';
  if (params.timezone === null || lines.includes(`zone ${params.timezone}`)) return undefined;
  return `the time zone is not ${params.timezone}`;
};

/** On a shared kernel the service refuses to run: its clock is not this host's to set. */
const serviceScript = (service: string, shared: boolean): string =>
  `systemctl enable --quiet ${service} && ${shared ? 'true' : `systemctl restart ${service}`}`;

const zoneScript = (zone: string): string => `
zone=${shellQuote(zone)}
[ -e "/usr/share/zoneinfo/$zone" ] || { echo "there is no time zone $zone (is tzdata installed?)" >&2; exit 1; }
save_file /etc/localtime && ln -sfnT "/usr/share/zoneinfo/$zone" /etc/localtime || exit 73
if [ -e /etc/timezone ]; then save_file /etc/timezone && echo "$zone" >/etc/timezone; fi`;

const noDropIn = (name: string, service: string): StepFailure => ({
  class: 'person',
  code: 'step-not-here',
  host: name,
  message: `${name}: ${service} keeps the clock, and its servers stand in a file of its own`,
  hint: 'name the servers there, or leave spec.preparation.time.servers empty',
});

/** The clock is kept by NTP, from the servers of the spec, and the time zone is the wanted one. */
export const hostTime = defineStep<Params, State>({
  id: 'host.time',
  title: () => 'Keep the clock right',
  scope: 'host',
  reads: ['clock', 'units', 'files', 'os'],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 5 },
  timeoutMs: 900_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject) => {
    const sections = world.hosts.get(subject.host ?? '')?.sections;
    const units = sections?.units?.value;
    const clock = sections?.clock?.value;
    const os = sections?.os?.value;
    const files = observeFiles(world, subject, [TIMESYNCD_FILE, CHRONY_FILE]);
    if (units === undefined || clock === undefined || os === undefined || files === undefined)
      return undefined;
    return { ...serviceOf(units), timezone: clock.timezone, files, shared: os.sharedKernel };
  },
  diff: (state, params) =>
    state === undefined ? [{ kind: 'unknown', what: 'clock and time zone' }] : diffOf(state, params),
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    const host = context.on(name);
    const service = state?.service ?? TIMESYNCD;
    const { sync, servers, timezone } = params;
    if (sync && servers.length > 0 && dropIn(service, servers) === undefined)
      return err(noDropIn(name, service));
    const files = goalsOf(params, service);
    const run = async (what: string, script: string) => mustSucceed(name, what, await host.change(script));
    const done = await inOrder([
      async () =>
        sync && state?.service === null ? run('install a time service', installScript([TIMESYNCD])) : ok(0),
      async () => (sync ? host.keepUnit(`${service}.service`) : ok(0)),
      async () => (files.length === 0 ? ok(0) : host.files(files.map(toEffect))),
      async () => (sync ? run(`start ${service}`, serviceScript(service, state?.shared === true)) : ok(0)),
      async () => (timezone === null ? ok(0) : run('set the time zone', zoneScript(timezone))),
    ]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const shared = context.world.hosts.get(name)?.sections.os?.value?.sharedKernel === true;
    const seen = await context.read(name).read(LOOK);
    if (!seen.ok) return seen;
    const lines = seen.value.stdout.trim().split('\n');
    const wrong = wrongOf(lines, params, shared);
    if (wrong !== undefined) return notHeld(name, wrong, lines.join('; '));
    const remark = shared ? ' (shared kernel: the clock itself is not this host’s to keep)' : '';
    return ok({ text: `${lines.join(', ')}${remark}` });
  },
});

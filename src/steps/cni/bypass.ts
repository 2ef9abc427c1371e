import { readFileSync } from 'node:fs';
import { ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { sentence } from '../../core/text.js';
import type { StepFailure } from '../failure.js';
import { diffFiles, type FileStates, observeFiles, plainFile, toEffect } from '../files/file-goals.js';
import { heldFile, verifyFiles } from '../files/held-files.js';
import { inOrder, mustSucceed, notHeld } from '../outcome.js';
import { type ApplyContext, defineStep, type VerifyContext } from '../step.js';

type Params = {
  /** Whole range of pods of the cluster, CIDR. */
  readonly pods: string;
  /** False = it is not needed any more. */
  readonly present: boolean;
};

type State = { readonly files: FileStates; readonly active: boolean; readonly enabled: boolean };

const UNIT = 'drover-cni-bypass';
const SCRIPT_PATH = '/usr/local/lib/drover/cni-bypass';
const UNIT_PATH = `/etc/systemd/system/${UNIT}.service`;
const BODY = readFileSync(new URL('bypass.sh', import.meta.url), 'utf8');

const UNIT_TEXT = `[Unit]
Description=Keeps packets between pods out of Flannel's masquerading
After=network-online.target

[Service]
Type=exec
ExecStart=/bin/sh ${SCRIPT_PATH} keep
ExecStopPost=/bin/sh ${SCRIPT_PATH} remove
Restart=always
RestartSec=1s

[Install]
WantedBy=multi-user.target
`;

const scriptText = (pods: string): string => `#!/bin/sh\nPODS=${shellQuote(pods)}\n${BODY}`;

const filesOf = ({ pods, present }: Params) => [
  plainFile(SCRIPT_PATH, present ? scriptText(pods) : null, { mode: '0755' }),
  plainFile(UNIT_PATH, present ? UNIT_TEXT : null),
];

const nothing = async (step: Promise<Result<unknown, StepFailure>>): Promise<Result<void, StepFailure>> => {
  const done = await step;
  return done.ok ? ok(undefined) : done;
};

const putIn = async (context: ApplyContext, params: Params): Promise<Result<void, StepFailure>> => {
  const name = context.subject.host ?? '';
  const host = context.on(name);
  const start = `systemctl daemon-reload && systemctl enable --quiet ${UNIT} && systemctl restart ${UNIT} && sh ${SCRIPT_PATH} once`;
  return inOrder([
    () => host.files(filesOf(params).map(toEffect)),
    () => host.keepUnit(`${UNIT}.service`),
    async () => mustSucceed(name, `start ${UNIT}`, await host.change(start)),
  ]);
};

const takeOut = async (context: ApplyContext, params: Params): Promise<Result<void, StepFailure>> => {
  const name = context.subject.host ?? '';
  const host = context.on(name);
  const stop = `[ ! -e ${UNIT_PATH} ] || systemctl disable --quiet --now ${UNIT}`;
  return inOrder([
    () => host.keepUnit(`${UNIT}.service`),
    async () => mustSucceed(name, `stop ${UNIT}`, await host.change(stop)),
    () => host.files(filesOf(params).map(toEffect)),
    () => nothing(host.change('systemctl daemon-reload')),
  ]);
};

const verifyAbsent = async ({ subject, read }: VerifyContext) => {
  const name = subject.host ?? '';
  const script = `for path in ${UNIT_PATH} ${SCRIPT_PATH}; do if [ -e "$path" ]; then echo "$path is there"; fi; done\nset -- absent\n${BODY}`;
  const seen = await read(name).read(script);
  if (!seen.ok) return seen;
  const wrong = seen.value.stdout.trim().split('\n').filter(Boolean);
  return wrong.length === 0 ? ok({ text: 'no bypass of masquerading' }) : notHeld(name, sentence(wrong));
};

const verifyPresent = async (context: VerifyContext, params: Params) => {
  const name = context.subject.host ?? '';
  const files = await verifyFiles(context, filesOf(params).map(heldFile));
  if (!files.ok) return files;
  const seen = await context
    .read(name)
    .read(
      `systemctl is-active ${UNIT} || true; systemctl is-enabled ${UNIT} || true; sh ${SCRIPT_PATH} check`,
    );
  if (!seen.ok) return seen;
  const [active, enabled, ...lines] = seen.value.stdout.trim().split('\n').filter(Boolean);
  if (active !== 'active') return notHeld(name, `${UNIT} is ${active ?? 'unknown'}`);
  if (enabled !== 'enabled') return notHeld(name, `${UNIT} does not start at boot`);
  const wrong = lines.filter((line) => !line.startsWith('held '));
  if (wrong.length > 0) return notHeld(name, sentence(wrong));
  const held = lines.map((line) => line.slice('held '.length));
  return ok({
    text:
      held.length === 0
        ? 'Flannel masquerades nothing here yet; the unit waits for its rule'
        : `packets between pods pass before Flannel’s masquerading (${sentence(held)})`,
  });
};

/** Packets between pods keep their addresses while a second network runs beside Flannel (network.md §10). */
export const cniBypass = defineStep<Params, State>({
  id: 'cni.bypass',
  title: ({ present }) =>
    present
      ? 'Keep packets between pods out of Flannel’s masquerading'
      : 'Take the bypass of masquerading out',
  scope: 'host',
  reads: ['files', 'units'],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 2 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject, params) => {
    const units = world.hosts.get(subject.host ?? '')?.sections.units?.value;
    const files = observeFiles(
      world,
      subject,
      filesOf(params).map(({ path }) => path),
    );
    if (units === undefined || files === undefined) return undefined;
    const unit = units[UNIT];
    return { files, active: unit?.active === 'active', enabled: unit?.enabled === 'enabled' };
  },
  diff: (state, params) => {
    const files = diffFiles(state?.files, filesOf(params));
    const on = state?.active === true && state.enabled;
    if (params.present)
      return on ? files : [...files, { kind: 'change', what: UNIT, after: 'on, now and at boot' }];
    const off = state?.active !== true && state?.enabled !== true;
    return off ? files : [{ kind: 'change', what: UNIT, after: 'off' }, ...files];
  },
  apply: async (context, params) => {
    const done = await (params.present ? putIn(context, params) : takeOut(context, params));
    return done.ok ? ok({}) : done;
  },
  verify: (context, params) => (params.present ? verifyPresent(context, params) : verifyAbsent(context)),
});

import { ok } from '../../core/result.js';
import type { Change } from '../change.js';
import {
  diffFiles,
  type FileStates,
  observeFiles,
  type PlainFile,
  plainFile,
  toEffect,
} from '../files/file-goals.js';
import { heldFile, verifyFiles } from '../files/held-files.js';
import { inOrder } from '../outcome.js';
import { defineStep } from '../step.js';
import { AGENT_TOKEN_FILE, DROP_IN, SERVER_TOKEN_FILE } from './settings.js';
import { type K3sRole, unitOf, unitText } from './unit.js';

type Params = {
  readonly role: K3sRole;
  /** Text of the drop-in. */
  readonly settings: string;
  /** Text of registries.yaml, when the spec has one. */
  readonly registries: string | null;
  /** What the user has set beside it; shown with the changes. */
  readonly own?: readonly {
    readonly key: string;
    readonly origin: string;
    readonly wins: 'own' | 'drover' | 'both';
  }[];
};

type State = { readonly files: FileStates; readonly tokens: readonly string[] };

const tokenFiles = (role: K3sRole): readonly { readonly path: string; readonly secret: string }[] => [
  ...(role === 'server' ? [{ path: SERVER_TOKEN_FILE, secret: 'server-token' }] : []),
  { path: AGENT_TOKEN_FILE, secret: 'agent-token' },
];

const goalsOf = (params: Params): PlainFile[] => [
  plainFile(DROP_IN, params.settings, { mode: '0600' }),
  plainFile(`/etc/systemd/system/${unitOf(params.role)}.service`, unitText(params.role)),
  ...(params.registries === null
    ? []
    : [plainFile('/etc/rancher/k3s/registries.yaml', params.registries, { mode: '0600' })]),
];

const missingTokens = (params: Params, state: State): Change[] =>
  tokenFiles(params.role)
    .filter(({ path }) => !state.tokens.includes(path))
    .map(({ path }) => ({ kind: 'add', what: path, sensitive: true }));

const WINS = {
  own: 'yours is kept',
  drover: 'the spec’s value counts',
  both: 'added to the spec’s',
} as const;

/** The user's own settings beside Drover's file, and which count. */
const ownLines = ({ own = [] }: Params): Change[] =>
  own.map(({ key, origin, wins }) => ({
    kind: 'warn',
    what: `${key} in ${origin === 'unit' ? 'the arguments of the unit' : origin}`,
    after: WINS[wins],
  }));

/**
 * Writes K3s' configuration as a drop-in, the unit, and the tokens in files of their own (mode 0600): whoever
 * reads the configuration sees no secret. The user's own files are left alone.
 */
export const k3sConfig = defineStep<Params, State>({
  id: 'k3s.config',
  title: ({ role }) => `Configure K3s as ${role}`,
  scope: 'host',
  reads: ['files'],
  risk: 'low',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject, params) => {
    const files = observeFiles(
      world,
      subject,
      goalsOf(params).map(({ path }) => path),
    );
    const all = world.hosts.get(subject.host ?? '')?.sections.files?.value;
    if (files === undefined || all === undefined) return undefined;
    return {
      files,
      tokens: tokenFiles(params.role)
        .map(({ path }) => path)
        .filter((path) => all[path]?.mode === '0600'),
    };
  },
  diff: (state, params) => {
    const changes = [
      ...diffFiles(state?.files, goalsOf(params)),
      ...(state === undefined ? [] : missingTokens(params, state)),
    ];
    return changes.length === 0 ? [] : [...changes, ...ownLines(params)];
  },
  apply: async (context, params) => {
    const host = context.on(context.subject.host ?? '');
    const secrets = await Promise.all(
      tokenFiles(params.role).map(async ({ path, secret }) => ({
        path,
        secret: await context.secret(secret),
      })),
    );
    const files = goalsOf(params).map(toEffect);
    for (const { path, secret } of secrets) {
      if (!secret.ok) return secret;
      files.push({ path, content: secret.value, mode: '0600', owner: 'root:root' });
    }
    const done = await inOrder([
      () => host.keepUnit(`${unitOf(params.role)}.service`),
      () => host.files(files),
      () => host.change('systemctl daemon-reload'),
    ]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const tokens = tokenFiles(params.role).map(({ path }) => ({ path, mode: '0600' }));
    const files = [...goalsOf(params).map(heldFile), ...tokens];
    const held = await verifyFiles(context, files);
    return held.ok ? ok({ text: files.map(({ path, mode }) => `${path} ${mode}`).join(', ') }) : held;
  },
});

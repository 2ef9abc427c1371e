import { ok, type Result } from '../../core/result.js';
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
import { heldFile, verifyFiles } from '../files/held-files.js';
import type { Artifact } from '../operator/artifact.js';
import { inOrder, mustSucceed, notHeld } from '../outcome.js';
import { type ApplyContext, defineStep } from '../step.js';
import { killallScript, uninstallScript } from './scripts.js';
import { type K3sRole, unitOf } from './unit.js';

const BINARY = '/usr/local/bin/k3s';
const LINKS = ['kubectl', 'crictl', 'ctr'] as const;

type Params = {
  readonly role: K3sRole;
  /** `sampled:…` as the files collector prints it; null = not fetched yet, so the version alone tells. */
  readonly sampled: string | null;
} & Artifact;

const RUNNING: readonly (string | undefined)[] = ['active', 'activating'];

type State = {
  readonly digest: string | null;
  readonly version: string | null;
  /** A K3s runs on the host, or tries to. */
  readonly running: boolean;
  readonly links: readonly string[];
  readonly scripts: FileStates;
};

const scriptGoals = (role: K3sRole): PlainFile[] => [
  plainFile('/usr/local/bin/k3s-killall.sh', killallScript(), { mode: '0755' }),
  plainFile(
    `/usr/local/bin/${role === 'server' ? 'k3s-uninstall.sh' : 'k3s-agent-uninstall.sh'}`,
    uninstallScript(),
    { mode: '0755' },
  ),
];

const linkChanges = (state: State): Change[] =>
  LINKS.filter((name) => !state.links.includes(name)).map((name) => ({
    kind: 'add',
    what: `/usr/local/bin/${name}`,
    after: 'link to k3s',
  }));

const holdsBinary = ({ digest, version }: State, { sampled, version: wanted }: Params): boolean =>
  digest !== null && (sampled === null ? version === wanted : digest === sampled);

const binaryChange = (state: State, params: Params): Change[] => {
  if (holdsBinary(state, params)) return [];
  if (state.digest === null) return [{ kind: 'add', what: BINARY, after: params.version }];
  return [
    { kind: 'replace', what: BINARY, before: state.version ?? 'another binary', after: params.version },
  ];
};

/** The file on the operator's machine, fetched when this machine does not have it. */
const localPath = (
  { operator }: ApplyContext,
  { version, arch, sha256, source }: Params,
): Promise<Result<string, StepFailure>> =>
  source.kind === 'built'
    ? Promise.resolve(ok(source.path))
    : operator.fetch({ version, arch, sha256, source });

/**
 * Puts the one binary on a host: uploaded beside, digest checked, renamed, with the links and scripts that K3s'
 * installer makes. A running K3s goes on with the old one until its service is restarted.
 */
export const k3sBinary = defineStep<Params, State>({
  id: 'k3s.binary',
  title: ({ version }) => `Install K3s ${version}`,
  scope: 'host',
  reads: ['files', 'kubernetes'],
  risk: 'low',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 4 },
  timeoutMs: 300_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject, { role }) => {
    const sections = world.hosts.get(subject.host ?? '')?.sections;
    const all = sections?.files?.value;
    const scripts = observeFiles(
      world,
      subject,
      scriptGoals(role).map(({ path }) => path),
    );
    if (all === undefined || scripts === undefined) return undefined;
    const installed = sections?.kubernetes?.value?.installs.find(({ kind }) => kind === 'k3s');
    const links = LINKS.filter((name) => all[`/usr/local/bin/${name}`] !== undefined);
    return {
      digest: all[BINARY]?.digest ?? null,
      version: installed?.version ?? null,
      running: RUNNING.includes(installed?.active),
      links,
      scripts,
    };
  },
  diff: (state, params) =>
    state === undefined
      ? [{ kind: 'unknown', what: BINARY, after: params.version }]
      : [
          ...binaryChange(state, params),
          ...linkChanges(state),
          ...diffFiles(state.scripts, scriptGoals(params.role)),
        ],
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    const host = context.on(name);
    const links = LINKS.map(
      (link) =>
        `save_file /usr/local/bin/${link}; [ -e /usr/local/bin/${link} ] || ln -s k3s /usr/local/bin/${link} || exit 1`,
    ).join('\n');
    const done = await inOrder([
      // Where a running K3s gets another binary, going back restarts it with the one that was there. A unit that does
      // not run may have come with this very run, and be gone by then.
      () =>
        state?.running === false
          ? Promise.resolve(ok(undefined))
          : host.keepUnit(`${unitOf(params.role)}.service`),
      async () => {
        if (state !== undefined && holdsBinary(state, params)) return ok(undefined);
        const local = await localPath(context, params);
        return local.ok
          ? host.upload(local.value, { path: BINARY, mode: '0755', sha256: params.sha256 })
          : local;
      },
      async () => mustSucceed(name, 'link kubectl, crictl and ctr', await host.change(links)),
      () => host.files(scriptGoals(params.role).map(toEffect)),
    ]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const binary = { path: BINARY, mode: '0755', sha256: params.sha256 };
    const held = await verifyFiles(context, [binary, ...scriptGoals(params.role).map(heldFile)]);
    if (!held.ok) return held;
    const links = LINKS.map((link) => `/usr/local/bin/${link}`).join(' ');
    const seen = await context.read(name).read(`ls ${links} >/dev/null && ${BINARY} --version`);
    if (!seen.ok) return seen;
    const text = seen.value.stdout.split('\n')[0] ?? '';
    return seen.value.status === 0 && text.includes(params.version)
      ? ok({ text })
      : notHeld(name, `k3s does not answer as ${params.version}`, text || seen.value.stderr);
  },
});

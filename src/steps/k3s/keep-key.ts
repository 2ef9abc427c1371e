import { sha256 } from '../../core/canonical.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StepFailure } from '../failure.js';
import { notHeld } from '../outcome.js';
import { type ApplyContext, defineStep } from '../step.js';

/** Where K3s keeps the key by which Secrets are encrypted in etcd. */
export const KEY_FILE = '/var/lib/rancher/k3s/server/cred/encryption-config.json';

type Params = {
  /** The configuration asks for encryption, so that there will be a key once servers run. */
  readonly expected: boolean;
};

type State = {
  /** Digests of the keys on the servers; more than one while a key is being rotated. */
  readonly keys: readonly string[];
  readonly kept: readonly string[];
};

/** Every key has a copy of its own: snapshots from before a rotation need the one of their time. */
const handleOf = (digest: string): string => `encryption-key-${digest.slice(0, 16)}`;

const missing = ({ keys, kept }: State): readonly string[] =>
  keys.filter((key) => !kept.includes(handleOf(key)));

const keepFrom = async (
  context: ApplyContext,
  host: string,
): Promise<Result<string | undefined, StepFailure>> => {
  const seen = await context.on(host).read(`[ ! -e ${KEY_FILE} ] || cat ${KEY_FILE}`);
  if (!seen.ok) return seen;
  const { status, stdout } = seen.value;
  if (status !== 0) return notHeld(host, `${KEY_FILE} cannot be read`);
  if (stdout === '') return ok(undefined);
  const handle = handleOf(sha256(stdout));
  const kept = await context.keepSecret(handle, Buffer.from(stdout));
  if (!kept.ok) return kept;
  // Read back through the identity: a copy that nobody can open is none.
  const opened = await context.secret(handle);
  if (!opened.ok) return opened;
  return Buffer.from(opened.value).equals(Buffer.from(stdout))
    ? ok(handle)
    : notHeld(host, `the copy ${handle} is not the key`);
};

/**
 * Keeps a copy of the key by which K3s encrypts Secrets, in the store of secrets beside the tokens: without it a
 * snapshot of etcd opens no Secret. K3s makes and rotates the key itself. Taking it back leaves the copy where it is.
 */
export const k3sKeepKey = defineStep<Params, State>({
  id: 'k3s.keep-key',
  title: () => 'Keep a sealed copy of K3s’ own encryption key',
  scope: 'operator',
  reads: ['files', 'operator'],
  risk: 'none',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: ({ hosts, operator }, subject) => {
    const files = subject.hosts.flatMap((host) => {
      const seen = hosts.get(host)?.sections.files?.value;
      return seen === undefined ? [] : [seen];
    });
    if (operator === undefined || files.length === 0) return undefined;
    const keys = files.flatMap((each) => each[KEY_FILE]?.digest ?? []);
    return { keys: [...new Set(keys)].sort(), kept: operator.secrets };
  },
  diff: (state, { expected }) => {
    const what = 'copy of the encryption key of K3s';
    if (state === undefined) return expected ? [{ kind: 'unknown', what }] : [];
    const count = state.keys.length === 0 && expected ? 1 : missing(state).length;
    return Array.from({ length: count }, () => ({ kind: 'add', what, sensitive: true }));
  },
  apply: async (context, { expected }) => {
    const kept: string[] = [];
    for (const host of context.subject.hosts) {
      const handle = await keepFrom(context, host);
      if (!handle.ok) return handle;
      if (handle.value !== undefined) kept.push(handle.value);
    }
    if (kept.length > 0 || !expected) return ok({});
    return err({
      class: 'permanent',
      code: 'k3s-key-missing',
      message: `K3s shall encrypt Secrets, but no server has ${KEY_FILE}`,
    });
  },
  verify: async ({ subject, read, operator }) => {
    const handles = await operator.secretHandles();
    let copies = 0;
    for (const host of subject.hosts) {
      const seen = await read(host).read(`[ ! -e ${KEY_FILE} ] || sha256sum ${KEY_FILE}`);
      if (!seen.ok) return seen;
      const digest = seen.value.stdout.split(' ')[0] ?? '';
      if (digest !== '' && !handles.includes(handleOf(digest)))
        return notHeld(host, 'its encryption key has no copy in the store of secrets');
      if (digest !== '') copies += 1;
    }
    return ok({ text: `the encryption keys of ${copies} servers are in the store of secrets` });
  },
});

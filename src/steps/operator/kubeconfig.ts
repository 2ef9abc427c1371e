import { type AdminAccess, readAccess } from '../../core/admin-access.js';
import {
  type FoundContext,
  findContext,
  type KubeconfigProblem,
  soleKubeconfig,
  withContext,
  withFormer,
} from '../../core/kubeconfig.js';
import { err, ok, type Result } from '../../core/result.js';
import type { Change } from '../change.js';
import type { StepFailure } from '../failure.js';
import { type ApplyContext, defineStep, type VerifyContext } from '../step.js';
import { type ApiWay, chooseWay, wayText } from './api-way.js';

export type KubeconfigParams = {
  readonly context: string;
  /** In the order in which they are wanted. */
  readonly ways: readonly ApiWay[];
};

type State = {
  readonly path: string;
  readonly current: string | null;
  readonly context: {
    readonly origin: FoundContext['origin'];
    readonly digest: string;
    readonly server: string;
    readonly answers: boolean;
    readonly balancer: string | null;
  } | null;
};

const OWN_FILE = '/etc/rancher/k3s/k3s.yaml';

const unreadable = (path: string, { line, detail }: KubeconfigProblem): StepFailure => ({
  class: 'person',
  code: 'kubeconfig-unreadable',
  message: `${path}${line === undefined ? '' : `:${line}`} is no kubeconfig`,
  cause: detail,
  hint: 'mend the file, or choose another one with KUBECONFIG; then `drover apply --resume`',
});

/** The administrator's keys from the first server that has them. */
const accessOf = async (context: ApplyContext): Promise<Result<AdminAccess, StepFailure>> => {
  const causes: string[] = [];
  for (const host of context.subject.hosts) {
    const seen = await context.on(host).read(`cat ${OWN_FILE}`);
    const access = seen.ok && seen.value.status === 0 ? readAccess(seen.value.stdout) : undefined;
    if (access !== undefined) return ok(access);
    causes.push(seen.ok ? `${host}: ${seen.value.stderr.trim() || 'half a file'}` : seen.error.message);
  }
  return err({
    class: 'transient',
    code: 'cluster-no-kubeconfig',
    message: 'no server gives its kubeconfig',
    cause: causes.join('; '),
  });
};

const formerHandle = (digest: string): string => `kubeconfig-former-${digest.slice(0, 16)}`;

/** What will be replaced goes into the store of secrets first: it holds keys. */
const keepFormer = async (context: ApplyContext, name: string): Promise<Result<void, StepFailure>> => {
  const file = await context.operator.kubeconfig();
  if (!file.ok) return file;
  const found = findContext(file.value.text, name);
  if (!found.ok) return err(unreadable(file.value.path, found.error));
  if (found.value.found === undefined) return ok(undefined);
  const { digest, parts } = found.value.found;
  const kept = await context.keepSecret(formerHandle(digest), Buffer.from(JSON.stringify(parts)));
  return kept.ok ? ok(undefined) : kept;
};

const foreignNow = (name: string): StepFailure => ({
  class: 'person',
  code: 'rollback-foreign',
  message: `the kubeconfig: others have changed the context ${name} since`,
  hint: '--overwrite puts the former state back all the same',
});

const changesOf = ({ path, context, current }: State, params: KubeconfigParams): Change[] => {
  const what = `context ${params.context}`;
  const [first] = params.ways;
  if (context === null)
    return [
      { kind: 'add', what, after: `in ${path}` },
      ...(current === null ? [{ kind: 'add' as const, what: 'current-context', after: params.context }] : []),
    ];
  if (context.origin === 'foreign')
    return [{ kind: 'replace', what, before: 'made by others', after: `in ${path}` }];
  if (context.balancer !== null)
    return [{ kind: 'change', what, before: context.server, after: context.balancer }];
  if (context.answers) return [];
  return [{ kind: 'change', what, before: `${context.server} does not answer`, after: first?.url ?? '' }];
};

/** What the context that is there now leads to, and why no better way was taken. */
const proofOf = async (
  { operator }: VerifyContext,
  params: KubeconfigParams,
): Promise<Result<string, StepFailure>> => {
  const file = await operator.kubeconfig();
  if (!file.ok) return file;
  const { path, text } = file.value;
  const found = findContext(text, params.context);
  if (!found.ok) return err(unreadable(path, found.error));
  const parts = found.value.found?.parts;
  const lost: StepFailure = {
    class: 'permanent',
    code: 'kubeconfig-not-held',
    message: `${path} has no context ${params.context} of Drover`,
  };
  if (parts?.cluster === undefined || parts.user === undefined) return err(lost);
  const entry = { cluster: parts.cluster, user: parts.user };
  const asked = await operator.ask(soleKubeconfig(entry));
  const server = typeof entry.cluster['server'] === 'string' ? entry.cluster['server'] : '';
  if (!asked.ok)
    return err({
      class: 'transient',
      code: 'kubeconfig-not-held',
      message: `the context ${params.context} leads to ${server}, which does not answer`,
      cause: asked.error,
    });
  const at = params.ways.findIndex(({ url }) => url === server);
  const passed: string[] = [];
  for (const way of params.ways.slice(0, Math.max(at, 0))) {
    const reply = await operator.ask(
      soleKubeconfig({ ...entry, cluster: { ...entry.cluster, server: way.url } }),
    );
    passed.push(`${wayText(way)}: ${reply.ok ? 'answers by now' : reply.error}`);
  }
  const way = params.ways[at];
  const leads = `context ${params.context} in ${path} leads to ${way === undefined ? server : wayText(way)}`;
  return ok(
    passed.length === 0 ? `${leads}, whose certificate holds` : `${leads}, not to ${passed.join('; ')}`,
  );
};

interface Former {
  readonly name: string;
  /** undefined = there was no such context. */
  readonly digest: string | undefined;
  readonly parts: FoundContext['parts'] | undefined;
  readonly current: string | undefined;
  readonly overwrite: boolean;
}

const formerParts = async (
  context: ApplyContext,
  digest: string | undefined,
): Promise<Result<Former['parts'], StepFailure>> => {
  if (digest === undefined) return ok(undefined);
  const sealed = await context.secret(formerHandle(digest));
  if (!sealed.ok) return sealed;
  return ok(JSON.parse(Buffer.from(sealed.value).toString('utf8')) as FoundContext['parts']);
};

const putBack = (
  text: string,
  { name, digest, overwrite, ...former }: Former,
): Result<string | null, StepFailure> => {
  const now = findContext(text, name);
  if (!now.ok) return err(unreadable('the kubeconfig', now.error));
  const { found } = now.value;
  // What the action found is there: it never came to change anything, or was taken back before.
  if (found?.digest === digest) return ok(text);
  if (found !== undefined && found.origin !== 'made' && !overwrite) return err(foreignNow(name));
  const put = withFormer(text, name, former);
  return put.ok ? put : err(unreadable('the kubeconfig', put.error));
};

/**
 * The administrator's access, merged into a kubeconfig under a context of its own: by the load balancer when that
 * answers with a certificate that holds, else by a server that does. Other contexts stay as they are.
 */
export const operatorKubeconfig = defineStep<KubeconfigParams, State>({
  id: 'operator.kubeconfig',
  title: ({ context }) => `Merge context ${context} into the kubeconfig`,
  scope: 'operator',
  reads: ['operator'],
  risk: 'low',
  replay: 'converges',
  undo: { kind: 'inverse' },
  expected: { seconds: 1 },
  timeoutMs: 90_000,
  retry: 'transient',
  disruptive: false,
  observe: ({ operator }) => {
    const seen = operator?.kubeconfig;
    if (seen === undefined) return undefined;
    const { path, context, current } = seen;
    return { path, current, context: context === null ? null : { ...context } };
  },
  diff: (state, params) =>
    state === undefined ? [{ kind: 'unknown', what: `context ${params.context}` }] : changesOf(state, params),
  apply: async (context, params) => {
    const access = await accessOf(context);
    if (!access.ok) return access;
    const chosen = await chooseWay(params.ways, access.value, context.operator);
    if (!chosen.ok) return chosen;
    const { way, entry, passed } = chosen.value;
    if (passed.length > 0) context.progress(`by ${wayText(way)}, because ${passed.join('; ')}`);
    const kept = await keepFormer(context, params.context);
    if (!kept.ok) return kept;
    const written = await context.operator.editKubeconfig((text) => {
      const merged = withContext(text, params.context, entry);
      return merged.ok ? merged : err(unreadable('the kubeconfig', merged.error));
    });
    return written.ok ? ok({}) : written;
  },
  verify: async (context, params) => {
    const proof = await proofOf(context, params);
    return proof.ok ? ok({ text: proof.value }) : proof;
  },
  revert: async (context, { context: name }, before) => {
    const digest = before?.context?.digest;
    const parts = await formerParts(context, digest);
    if (!parts.ok) return parts;
    const former: Former = {
      name,
      digest,
      parts: parts.value,
      current: before?.current ?? undefined,
      overwrite: context.takesBack?.overwrite === true,
    };
    return context.operator.editKubeconfig((text) => (text === undefined ? ok(null) : putBack(text, former)));
  },
});

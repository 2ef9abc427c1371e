import { err, ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import { DNS_PERL, DNS_PYTHON } from '../../facts/collectors/dns-question.js';
import type { Change } from '../change.js';
import type { HostReads } from '../effects.js';
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

const CONF = '/etc/resolv.conf';
const DROP_IN = '/etc/systemd/resolved.conf.d/50-drover.conf';
const RESOLVED = 'systemd-resolved.service';

type Params = {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly immutable: boolean;
};
type State = {
  readonly files: FileStates;
  /** Whose file /etc/resolv.conf is. */
  readonly owner: string;
};

const viaResolved = (params: Params, owner: string): boolean =>
  !params.immutable && owner.startsWith('systemd-resolved');

/** A plain file, or what tells systemd-resolved when the file is to stay its own. */
const goalOf = (params: Params, owner: string): PlainFile => {
  const { servers, search, immutable } = params;
  if (viaResolved(params, owner))
    return plainFile(
      DROP_IN,
      `# Written by Drover\n[Resolve]\nDNS=${servers.join(' ')}\nFallbackDNS=\nDomains=${['~.', ...search].join(' ')}\n`,
    );
  const text = [
    '# Written by Drover',
    ...servers.map((server) => `nameserver ${server}`),
    ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]),
  ];
  return plainFile(CONF, `${text.join('\n')}\n`, { immutable });
};

const linkGone = (state: State, goal: PlainFile): Change[] => {
  const digest = state.files[CONF]?.digest;
  if (goal.path !== CONF || digest?.startsWith('link:') !== true) return [];
  return [{ kind: 'replace', what: CONF, before: `→ ${digest.slice(5)}`, after: 'a plain file' }];
};

/** Who would write the file again: only the immutable flag keeps it then. */
const rewriter = ({ owner }: State, { immutable }: Params): string | undefined =>
  !immutable && (owner === 'network-manager' || owner === 'resolvconf') ? owner : undefined;

/** Datagrams get lost: a server that stays silent is asked again. */
const ATTEMPTS = 3;

const askScript = (servers: readonly string[]): string => {
  const list = servers.map(shellQuote).join(' ');
  return `
if command -v perl >/dev/null && perl -MSocket -e 1 2>/dev/null; then perl -e '${DNS_PERL}' . ${list}
else python3 -c '${DNS_PYTHON}' . ${list}; fi`;
};

/** Asks each server a real question from the host itself: all of them answered, or the failure names the silent ones. */
const ask = async (
  host: HostReads,
  name: string,
  servers: readonly string[],
): Promise<Result<string, StepFailure>> => {
  const lines: string[] = [];
  const answers = (server: string): boolean =>
    lines.some((line) => line.startsWith(`${server} NOERROR`) || line.startsWith(`${server} NXDOMAIN`));
  let silent = servers;
  for (let attempt = 0; attempt < ATTEMPTS && silent.length > 0; attempt += 1) {
    const seen = await host.read(askScript(silent), { timeoutMs: 20_000 });
    if (!seen.ok) return seen;
    lines.push(...seen.value.stdout.trim().split('\n'));
    silent = servers.filter((server) => !answers(server));
  }
  if (silent.length === 0) return ok(servers.join(' and '));
  return err({
    class: 'permanent',
    code: 'resolver-no-answer',
    host: name,
    message: `${name}: ${silent.join(' and ')} answered no question`,
    cause: lines.join('; '),
  });
};

/** Name servers of the host: a plain file, protected if wanted, or a drop-in of systemd-resolved. */
export const hostResolvers = defineStep<Params, State>({
  id: 'host.resolvers',
  title: () => 'Set the name servers',
  scope: 'host',
  reads: ['resolver', 'files'],
  risk: 'medium',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 2 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject) => {
    const files = observeFiles(world, subject, [CONF, DROP_IN]);
    const owner = world.hosts.get(subject.host ?? '')?.sections.resolver?.value?.owner;
    return files === undefined || owner === undefined ? undefined : { files, owner };
  },
  diff: (state, params) => {
    if (state === undefined) return [{ kind: 'unknown', what: CONF }];
    const goal = goalOf(params, state.owner);
    const link = linkGone(state, goal);
    return link.length > 0 ? link : diffFiles(state.files, [goal]);
  },
  apply: async (context, params, state) => {
    const name = context.subject.host ?? '';
    const host = context.on(name);
    const owner = state?.owner ?? 'unknown';
    const other = state === undefined ? undefined : rewriter(state, params);
    if (other !== undefined)
      return err({
        class: 'person',
        code: 'step-not-here',
        host: name,
        message: `${name}: ${other} writes ${CONF} and would undo the change`,
        hint: 'set spec.preparation.resolvers.immutable, or give the servers to it',
      });
    const answered = await ask(host, name, params.servers);
    if (!answered.ok) return answered;
    const resolved = viaResolved(params, owner);
    const done = await inOrder([
      async () => (resolved ? host.keepUnit(RESOLVED) : ok(undefined)),
      () => host.files([toEffect(goalOf(params, owner))]),
      async () =>
        resolved
          ? mustSucceed(name, 'restart systemd-resolved', await host.change(`systemctl restart ${RESOLVED}`))
          : ok(undefined),
    ]);
    return done.ok ? ok({}) : done;
  },
  verify: async (context, params) => {
    const name = context.subject.host ?? '';
    const host = context.read(name);
    const seen = await host.read(
      `cat ${CONF} /run/systemd/resolve/resolv.conf 2>/dev/null | awk '$1 == "nameserver" { print $2 }'; lsattr ${CONF} 2>/dev/null | awk '$1 ~ /i/ { print "immutable" }'`,
    );
    if (!seen.ok) return seen;
    const words = seen.value.stdout.trim().split('\n');
    const missing = [...params.servers, ...(params.immutable ? ['immutable'] : [])].filter(
      (word) => !words.includes(word),
    );
    if (missing.length > 0) return notHeld(name, `${CONF} lacks ${missing.join(', ')}`, words.join(', '));
    const answered = await ask(host, name, params.servers);
    return answered.ok ? ok({ text: `${answered.value} answer questions` }) : answered;
  },
});

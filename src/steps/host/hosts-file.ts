import { ok } from '../../core/result.js';
import { HOSTS_BEGIN, HOSTS_END } from '../../facts/collectors/resolver.js';
import type { Change } from '../change.js';
import { mustSucceed, notHeld } from '../outcome.js';
import { defineStep } from '../step.js';

/** Address by host name. */
type Params = { readonly hosts: Readonly<Record<string, string>> };
type State = {
  /** `address name` lines of Drover's own block. */
  readonly block: readonly string[];
  /** `address name` of other lines that give a cluster host another address. */
  readonly wrong: readonly string[];
};

const linesOf = ({ hosts }: Params): string[] =>
  Object.entries(hosts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, address]) => `${address} ${name}`);

// The whole file is made anew and renamed into place: nobody resolves names by half of it.
const SCRIPT = `
save_file /etc/hosts || exit 73
[ -e /etc/hosts ] || : >/etc/hosts
new=/etc/hosts.drover-new
cp -p /etc/hosts "$new" || exit 73
data | awk -v begin='${HOSTS_BEGIN}' -v end='${HOSTS_END}' '
  source == "wanted" { wanted[$2] = $1; block = block $0 "\\n"; next }
  $0 == begin { inside = 1; next }
  $0 == end { inside = 0; next }
  inside { next }
  /^[[:space:]]*(#|$)/ { print; next }
  {
    line = $0; sub(/#.*/, "", line); count = split(line, part, /[[:space:]]+/); first = part[1] == "" ? 2 : 1
    kept = ""; taken = 0
    for (i = first + 1; i <= count; i++) {
      if (part[i] == "") continue
      if (part[i] in wanted && wanted[part[i]] != part[first]) taken = 1
      else kept = kept " " part[i]
    }
    if (!taken) print
    else if (kept == "") print "# taken out by Drover: " $0
    else print part[first] kept
  }
  END { print begin; printf "%s", block; print end }
' source=wanted - source=file /etc/hosts >"$new" && sync "$new" && mv -fT "$new" /etc/hosts && sync /etc
`;

const diffOf = (state: State, params: Params): Change[] => {
  const wanted = linesOf(params);
  return [
    ...wanted
      .filter((line) => !state.block.includes(line))
      .map((line): Change => ({ kind: 'add', what: '/etc/hosts', after: line })),
    ...state.block
      .filter((line) => !wanted.includes(line))
      .map((line): Change => ({ kind: 'remove', what: '/etc/hosts', before: line })),
    ...state.wrong.map(
      (line): Change => ({
        kind: 'change',
        what: '/etc/hosts',
        before: line,
        after: 'taken out',
      }),
    ),
  ];
};

/** Prints `name address address…` of every host as the C library resolves it. */
const resolveScript = (names: readonly string[]): string =>
  names
    .map((name) => `echo ${name} $(getent -s files ahosts ${name} | awk '!seen[$1]++ { print $1 }')`)
    .join('\n');

/**
 * Every host of the cluster by name in /etc/hosts: a block between two marks. Of the other lines only names of
 * cluster hosts are taken out that stand at another address (also at 127.0.1.1, where installers put a host's own).
 */
export const hostHostsFile = defineStep<Params, State>({
  id: 'host.hosts-file',
  title: () => 'Name the cluster’s hosts in /etc/hosts',
  scope: 'host',
  reads: ['resolver'],
  risk: 'low',
  replay: 'exact',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 1 },
  timeoutMs: 60_000,
  retry: 'transient',
  disruptive: false,
  observe: (world, subject, { hosts }) => {
    const entries = world.hosts.get(subject.host ?? '')?.sections.resolver?.value?.hostsEntries;
    if (entries === undefined) return undefined;
    const lines = entries.flatMap(({ address, names, managed }) =>
      names.map((name) => ({ name, address, managed: managed === true })),
    );
    const text = ({ name, address }: (typeof lines)[number]): string => `${address} ${name}`;
    return {
      block: lines.filter(({ managed }) => managed).map(text),
      wrong: lines
        .filter(({ managed, name, address }) => !managed && (hosts[name] ?? address) !== address)
        .map(text),
    };
  },
  diff: (state, params) =>
    state === undefined ? [{ kind: 'unknown', what: '/etc/hosts' }] : diffOf(state, params),
  apply: async (context, params) => {
    const name = context.subject.host ?? '';
    const data = linesOf(params)
      .map((line) => `${line}\n`)
      .join('');
    const done = mustSucceed(name, 'write /etc/hosts', await context.on(name).change(SCRIPT, { data }));
    return done.ok ? ok({}) : done;
  },
  verify: async (context, { hosts }) => {
    const name = context.subject.host ?? '';
    const seen = await context.read(name).read(resolveScript(Object.keys(hosts)));
    if (!seen.ok) return seen;
    const wrong = seen.value.stdout
      .trim()
      .split('\n')
      .filter((line) => {
        const [of = '', ...addresses] = line.trim().split(' ');
        return addresses.length !== 1 || addresses[0] !== hosts[of];
      });
    if (wrong.length > 0) return notHeld(name, 'names of hosts resolve otherwise', wrong.join('; '));
    return ok({ text: `${Object.keys(hosts).length} hosts resolve to their addresses from /etc/hosts` });
  },
});

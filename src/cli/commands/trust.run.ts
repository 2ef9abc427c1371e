import { resolve } from 'node:path';
import { type Subject, subjectOfAddresses, subjectOfCluster } from '../../app/doctor/subject.js';
import { gatherKeys, type Offer, pinKeys, type TrustRequest } from '../../app/trust.js';
import type { DroverError, DroverErrors } from '../../core/error.js';
import { err, ok, type Result } from '../../core/result.js';
import { count } from '../../core/text.js';
import { pad, width } from '../../report/layout.js';
import { systemFiles } from '../../system/files.js';
import type { CommandContext, CommandOutcome, Handler, ParsedArguments } from '../command.js';
import { textFlag } from '../lab-context.js';
import { loadSpec } from '../load-spec.js';

const SCAN_TIMEOUT_MS = 5000;

const STATE_WORDS: Readonly<Record<Offer['state'], string>> = {
  known: 'on record',
  new: 'new',
  more: 'on record, further keys',
  changed: 'CHANGED',
};

/** Names of the spec when there is one; addresses otherwise. */
const subjectOf = async (
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<Subject, DroverErrors>> => {
  const hasSpec =
    textFlag(args.flags, 'file') !== undefined ||
    (await systemFiles.exists(resolve(context.cwd, 'drover.yaml')));
  const areAddresses = args.positionals.some((text) => text.includes('@'));
  if (args.positionals.length > 0 && (areAddresses || !hasSpec)) return subjectOfAddresses(args.positionals);
  if (!hasSpec) {
    const message = 'no hosts were named, and there is no drover.yaml here';
    const hint = 'drover trust root@ADDRESS …, or -f FILE';
    return err([{ code: 'trust-no-hosts', message, state: 'no key was pinned', hint }]);
  }
  const cluster = await loadSpec(args, context);
  return cluster.ok ? subjectOfCluster(cluster.value, context.realm, { only: args.positionals }) : cluster;
};

/** Every key of every host, one line each, as a table. */
export const keyTable = (offers: readonly Offer[]): string => {
  const rows = offers.flatMap(({ target, keys, state }) =>
    keys.map(({ type, fingerprint }) => [target.name, target.address, type, fingerprint, STATE_WORDS[state]]),
  );
  const all = [['HOST', 'ADDRESS', 'TYPE', 'FINGERPRINT', 'RECORD'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...all.map((row) => width(row[at] ?? ''))));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, at) => pad(cell, widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
};

const changedError = ({ target, keys, recorded }: Offer): DroverError => ({
  code: 'ssh-host-key-changed',
  message: 'The host shows other keys than before',
  host: target.name,
  cause: `offered ${keys.map(({ fingerprint }) => fingerprint).join(', ')}; on record ${recorded.map(({ fingerprint }) => fingerprint).join(', ')}`,
  state: 'its keys were not pinned',
  hint: `compare with the machine's console; if the change is right: drover trust --replace ${target.name}`,
});

const consent = async (
  wanted: readonly Offer[],
  args: ParsedArguments,
  context: CommandContext,
): Promise<Result<boolean, DroverError>> => {
  if (args.flags.yes === true) return ok(true);
  if (!context.interactive) {
    const message = 'pinning keys needs your consent, and nobody can be asked here';
    return err({
      code: 'trust-consent',
      message,
      state: 'no key was pinned',
      hint: 'compare the fingerprints, then add --yes',
    });
  }
  const { confirm } = await import('@clack/prompts');
  const answer = await confirm({
    message: `Pin the keys of ${count(wanted.length, 'host')}?`,
    initialValue: false,
    output: process.stderr,
    signal: context.signal,
  });
  return ok(answer === true);
};

const outcomeOf = (errors: readonly DroverError[]): CommandOutcome => {
  const [first, ...rest] = errors;
  return first === undefined ? { exit: 'ok' } : { errors: [first, ...rest] };
};

const requestOf = (
  subject: Subject,
  { paths, signal, env }: CommandContext,
  record: string,
): TrustRequest => ({
  targets: subject.hosts.map(({ target }) => target),
  record,
  files: systemFiles,
  scan: {
    timeoutMs: SCAN_TIMEOUT_MS,
    env,
    signal,
    ...(paths.sshConfig === undefined ? {} : { sshConfig: paths.sshConfig }),
  },
});

export const run: Handler = async (args, context) => {
  const subject = await subjectOf(args, context);
  if (!subject.ok) return { errors: subject.error };
  const { knownHosts } = context.paths;
  if (knownHosts === undefined) throw new Error('this realm has no known_hosts of its own');
  const request = requestOf(subject.value, context, knownHosts);
  const gathered = await gatherKeys(request);
  if (!gathered.ok) return outcomeOf([gathered.error]);
  const { offers, failures } = gathered.value;
  if (offers.length > 0) context.print(keyTable(offers));
  const changed = args.flags.replace === true ? [] : offers.filter(({ state }) => state === 'changed');
  const errors = [...changed.map(changedError), ...failures];
  const wanted = offers.filter((offer) => offer.state !== 'known' && !changed.includes(offer));
  if (wanted.length === 0) return outcomeOf(errors);
  const agreed = await consent(wanted, args, context);
  if (!agreed.ok) return outcomeOf([agreed.error, ...errors]);
  if (!agreed.value) {
    context.emit({ type: 'note', level: 'info', text: 'no key was pinned' });
    return outcomeOf(errors);
  }
  const pinned = await pinKeys(request, wanted);
  if (!pinned.ok) return outcomeOf([pinned.error, ...errors]);
  const text = `pinned the keys of ${count(wanted.length, 'host')} in ${knownHosts}`;
  context.emit({ type: 'note', level: 'info', text });
  return outcomeOf(errors);
};

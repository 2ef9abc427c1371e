import { readFileSync } from 'node:fs';
import type { HostTarget, Transport } from '../../core/ports/transport.js';
import { shellQuote } from '../../core/shell.js';
import { type Plan, planSchema } from '../../plan/model.js';
import { decodeJournal, type JournalLine } from '../journal-line.js';
import { hostName } from '../remote/compose.js';

/** A run as one server host has it, its chain verified. */
export interface MirroredRun {
  readonly id: string;
  readonly host: string;
  readonly plan: Plan;
  readonly lines: readonly JournalLine[];
  /** The sealed store of secrets; absent = none was mirrored. */
  readonly secrets: string | undefined;
}

export interface Mirrored {
  /** The best copy of the newest run of the cluster. */
  readonly run: MirroredRun | undefined;
  /** Copies whose chain is broken, one sentence each. */
  readonly damaged: readonly string[];
  readonly unreachable: readonly string[];
}

const piece = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const LIST = piece('list.sh');
const READ = piece('read.sh');
const LIMITS = { timeoutMs: 120_000, outputLimit: 512 * 1024 * 1024 } as const;

export interface FindInput {
  readonly transport: Transport;
  readonly servers: readonly HostTarget[];
  readonly cluster: string;
  readonly realm: string;
  /** Absent = the newest one. */
  readonly id: string | undefined;
  readonly signal: AbortSignal;
}

const parsePlan = (text: string): Plan | undefined => {
  try {
    return planSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

type Copy = { readonly run: MirroredRun } | { readonly damage: string } | undefined;

const readCopy = async (input: FindInput, target: HostTarget, id: string): Promise<Copy> => {
  const text = `DROVER_RUN=${shellQuote(hostName(id))}\n${READ}`;
  const script = { title: 'read a mirrored run', text };
  const answer = await input.transport.run(target, script, { ...LIMITS, signal: input.signal });
  if (!answer.ok || answer.value.status !== 0) return undefined;
  const { stdout } = answer.value;
  const head = stdout.indexOf('\n') + 1;
  const [plan = 0, journal = 0, secrets = 0] = stdout
    .subarray(0, head)
    .toString()
    .trim()
    .split(' ')
    .map(Number);
  const part = (from: number, length: number): string =>
    stdout.subarray(head + from, head + from + length).toString('utf8');
  const made = parsePlan(part(0, plan));
  if (made === undefined) return { damage: `${target.name}: the plan of run ${id} cannot be read` };
  if (made.cluster.name !== input.cluster || made.realm !== input.realm) return undefined;
  const decoded = decodeJournal(part(plan, journal));
  if (!decoded.ok)
    return { damage: `${target.name}: line ${decoded.error.line} of run ${id} ${decoded.error.detail}` };
  const { lines } = decoded.value;
  const sealed = secrets === 0 ? undefined : part(plan + journal, secrets);
  return { run: { id, host: target.name, plan: made, lines, secrets: sealed } };
};

const fencingOf = ({ lines }: MirroredRun): number =>
  lines.reduce((highest, { event }) => (event.type === 'run-start' ? event.fencing : highest), 0);

/** Of two copies the one that a later holder of the lock wrote, then the longer one. */
const better = (a: MirroredRun, b: MirroredRun): number =>
  fencingOf(b) - fencingOf(a) || b.lines.length - a.lines.length;

/**
 * Looks for a run of the cluster on its server hosts and verifies the hash chain of every copy. The newest run that
 * is whole anywhere is taken; copies that are damaged are told.
 */
export const findMirrored = async (input: FindInput): Promise<Mirrored> => {
  const damaged: string[] = [];
  const unreachable: string[] = [];
  const holders = new Map<string, HostTarget[]>();
  const look = async (target: HostTarget): Promise<void> => {
    const limits = { timeoutMs: LIMITS.timeoutMs, signal: input.signal };
    const answer = await input.transport.run(target, { title: 'list mirrored runs', text: LIST }, limits);
    if (!answer.ok) {
      unreachable.push(target.name);
      return;
    }
    for (const id of answer.value.stdout.toString('utf8').split('\n').filter(Boolean))
      holders.set(id, [...(holders.get(id) ?? []), target]);
  };
  await Promise.all(input.servers.map(look));
  const ids = [...holders.keys()].filter((id) => input.id === undefined || id === hostName(input.id));
  for (const id of ids.sort().toReversed()) {
    const copies = await Promise.all((holders.get(id) ?? []).map((target) => readCopy(input, target, id)));
    const whole: MirroredRun[] = [];
    for (const copy of copies) {
      if (copy === undefined) continue;
      if ('damage' in copy) damaged.push(copy.damage);
      else whole.push(copy.run);
    }
    const [run] = whole.sort(better);
    if (run !== undefined) return { run, damaged, unreachable };
  }
  return { run: undefined, damaged, unreachable };
};

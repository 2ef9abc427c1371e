import type { HostTarget, Transport } from '../../core/ports/transport.js';
import { err, ok, type Result } from '../../core/result.js';
import { printable } from '../../core/text.js';
import { type AskScript, askScript, parseTold, type Told } from '../../facts/services/ask-script.js';

/** What a host heard, by the ids of the questions, or why it could not ask. */
export type Answers = Result<ReadonlyMap<string, Told>, string>;

/** Everything is asked at once, each within a time of its own. */
const SLACK_MS = 15_000;

/** Has a host ask services outside what they are. Nobody logs in anywhere, and nothing is written. */
export const askHost = async (
  target: HostTarget,
  script: AskScript,
  { transport, signal }: { readonly transport: Pick<Transport, 'run'>; readonly signal: AbortSignal },
): Promise<Answers> => {
  const patience = [...script.asks.map(({ question }) => question), ...(script.tls ?? [])];
  const timeoutMs = Math.max(0, ...patience.map((each) => each.timeoutMs)) + SLACK_MS;
  const text = { title: 'ask services outside', text: askScript('host', script) };
  const ran = await transport.run(target, text, { timeoutMs, signal });
  if (!ran.ok) return err(ran.error.detail);
  const told = parseTold(ran.value.stdout.toString('utf8'));
  return told.size > 0 ? ok(told) : err(printable(ran.value.stderr.toString('utf8')).trim() || 'no answer');
};

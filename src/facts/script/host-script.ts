import type { Script } from '../../core/ports/transport.js';
import type { Collector } from '../collector.js';
import type { CollectorId } from '../model/host-facts.js';
import { hmacPads } from './hmac-pads.js';
import { PRELUDE } from './prelude.js';

/** Sections that may wait for something (a dead resolver): they run beside the others. */
const SLOW: ReadonlySet<CollectorId> = new Set(['identity', 'resolver']);

/**
 * A section: frame lines on both streams, with the host's monotonic clock in hundredths of a second, around the
 * output of a fragment in a subshell without input.
 */
const section = (collector: Collector, mark: string): string => `
read -r up rest < /proc/uptime
echo "${mark} begin ${collector.id} $up"; echo "${mark} begin ${collector.id} $up" >&2
(
${collector.script.trim()}
) </dev/null
status=$?
read -r up rest < /proc/uptime
echo; echo "${mark} end ${collector.id} $up $status"`;

/**
 * The whole script of one host. Slow sections run on the left of a pipe while the others run on its right; their
 * output follows at the end, so that no temporary file is needed. Everything on both streams passes a last
 * redaction before it leaves the host.
 */
export const hostScript = (collectors: readonly Collector[], mark: string, key: Uint8Array): Script => {
  const fast = collectors.filter(({ id }) => !SLOW.has(id)).map((one) => section(one, mark));
  const slow = collectors.filter(({ id }) => SLOW.has(id)).map((one) => `{ ${section(one, mark)}\n}`);
  // One pipe per slow section: each runs beside all that follow.
  const all = slow.reduceRight(
    (inner, one) => `${one} | {\n${inner}\ncat\n}`,
    `{ :\n${fast.join('\n')}\n} </dev/null`,
  );
  const text = `${PRELUDE}
everything() {
${all}
}
{ { everything 2>&3 | mask_secrets; } 3>&1 >&4 | mask_secrets >&2; } 4>&1
`;
  return { title: 'reading the facts', text, data: hmacPads(key) };
};

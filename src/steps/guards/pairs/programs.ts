import { readFileSync } from 'node:fs';
import type { Script } from '../../../core/ports/transport.js';
import { shellQuote } from '../../../core/shell.js';

const program = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** The prober: runs in pods, with the perl of their host. */
export const agentProgram = (): string => program('agent.pl');

/** Runs on each host for as long as Drover listens. `folder` is the name of the folder below /run/drover. */
export const relayScript = (folder: string): Script => ({
  title: 'watch the cluster network',
  text: `command -v perl >/dev/null 2>&1 || { echo 'x perl is not installed'; exit 3; }\nexec perl -e ${shellQuote(program('relay.pl'))} ${shellQuote(folder)}\n`,
});

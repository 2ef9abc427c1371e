import { readFileSync } from 'node:fs';
import type { Script } from '../../core/ports/transport.js';

/** The agent is one program in several files, one concept each; joined in this order. */
const PARTS = [
  'base',
  'packets',
  'sockets',
  'arrivals',
  'sending',
  'tunnel',
  'wireguard',
  'host',
  'commands',
] as const;

const agent = (folder: 'perl' | 'python', extension: string): Buffer =>
  Buffer.from(
    PARTS.map((part) =>
      readFileSync(new URL(`./agent/${folder}/${part}.${extension}`, import.meta.url), 'utf8'),
    ).join('\n\n'),
  );

/** Reads exactly the agents' text from stdin, runs its own slice, leaves the rest of stdin to the agent. */
const PERL_BOOT =
  'my ($from, $size, $all) = splice @ARGV; my $text = ""; while (length $text < $all) ' +
  '{ sysread STDIN, $text, $all - length $text, length $text or exit 1 } ' +
  'eval substr $text, $from, $size; print "fail boot $@"';

const PYTHON_BOOT =
  'import os,sys; start,size,total = map(int, sys.argv[1:4]); text = b""\n' +
  'while len(text) < total:\n more = os.read(0, total - len(text))\n if not more: sys.exit(1)\n text += more\n' +
  'exec(compile(text[start:start+size], "probe", "exec"))';

/** Which interpreter to use; `auto` takes perl, else python3. */
export type Language = 'auto' | 'perl' | 'python';

/**
 * The script of a probe session. Both agents travel as data in front of the commands and are never written to
 * the host's disk; the host's own interpreter picks the one that it can run.
 */
export const agentScript = (language: Language = 'auto'): Script => {
  const perl = agent('perl', 'pl');
  const python = agent('python', 'py');
  const total = perl.length + python.length;
  const runPerl = `exec perl -e '${PERL_BOOT}' 0 ${perl.length} ${total}`;
  const runPython = `exec python3 -c '${PYTHON_BOOT}' ${perl.length} ${python.length} ${total}`;
  const choice = {
    perl: runPerl,
    python: runPython,
    auto: [
      `if command -v perl >/dev/null 2>&1; then ${runPerl}; fi`,
      `if command -v python3 >/dev/null 2>&1; then ${runPython}; fi`,
      "echo 'fail boot neither perl nor python3 is installed'; exit 3",
    ].join('\n'),
  }[language];
  return {
    title: 'pair probes',
    text: `PATH=$PATH:/usr/sbin:/sbin; export PATH\n${choice}\n`,
    data: Buffer.concat([perl, python]),
  };
};

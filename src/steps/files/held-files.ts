import { sha256 } from '../../core/canonical.js';
import { ok, type Result } from '../../core/result.js';
import { shellQuote } from '../../core/shell.js';
import type { StepFailure } from '../failure.js';
import { notHeld } from '../outcome.js';
import type { VerifyContext } from '../step.js';
import type { PlainFile } from './file-goals.js';

/** A file that must stand on a host. */
export interface HeldFile {
  readonly path: string;
  /** Octal with four digits, `0644`. */
  readonly mode: string;
  /** Absent where the content is secret: then it must only not be empty. */
  readonly sha256?: string;
}

const LOOK = `look() { # PATH MODE SHA256
  if [ ! -s "$1" ]; then echo "$1 is missing or empty"
  elif [ "0$(stat -L -c %a "$1")" != "$2" ]; then echo "$1 has mode 0$(stat -L -c %a "$1")"
  elif [ -n "$3" ] && [ "$(sha256sum <"$1" | cut -d' ' -f1)" != "$3" ]; then echo "$1 has other content"
  fi
}`;

export const heldFile = ({ path, content, mode }: PlainFile): HeldFile => ({
  path,
  mode,
  ...(content === null ? {} : { sha256: sha256(content) }),
});

/** Reads the files themselves, whole: fails with those that are missing or are not what was put there. */
export const verifyFiles = async (
  { subject, read }: Pick<VerifyContext, 'subject' | 'read'>,
  files: readonly HeldFile[],
): Promise<Result<void, StepFailure>> => {
  const host = subject.host ?? '';
  const looks = files.map(({ path, mode, sha256: sum = '' }) => `look ${shellQuote(path)} ${mode} '${sum}'`);
  const seen = await read(host).read([LOOK, ...looks].join('\n'));
  if (!seen.ok) return seen;
  const wrong = seen.value.stdout.trim().split('\n').filter(Boolean);
  return wrong.length === 0 ? ok(undefined) : notHeld(host, wrong.join(', '));
};

import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DroverError } from '../../core/error.js';
import { ok, type Result } from '../../core/result.js';
import { check } from '../exec.js';

/** Makes an ed25519 key pair at `path` unless there is one, and returns the public line without its comment. */
export const ensureKey = async (path: string): Promise<Result<string, DroverError>> => {
  const existing = await readFile(`${path}.pub`, 'utf8').catch(() => undefined);
  if (existing === undefined) {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    const made = await check('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'drover lab', '-f', path]);
    if (!made.ok) return made;
  }
  const line = existing ?? (await readFile(`${path}.pub`, 'utf8'));
  return ok(line.trim().split(' ').slice(0, 2).join(' '));
};

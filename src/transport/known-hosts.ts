import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostTarget } from '../core/ports/transport.js';
import type { RealmPaths } from '../core/realm.js';
import type { HostKeyPolicy } from './ssh-arguments.js';

/**
 * Called by ssh with the fingerprint of the key that the host offers: answers with a known_hosts line when it is
 * pinned, with nothing otherwise. Thus fingerprints suffice and the key itself need not be known beforehand.
 */
const PIN_SCRIPT = `while read -r pin; do
  if [ "$pin" = "$2" ]; then echo "$3 $4 $5"; fi
done < "$1"
exit 0
`;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** A lab names its file even before it exists, so that the user's own is not read in its stead. */
const unpinnedPolicy = async (paths: RealmPaths): Promise<HostKeyPolicy> => {
  if (paths.knownHosts === undefined) return {};
  return paths.sshConfig !== undefined || (await exists(paths.knownHosts))
    ? { knownHosts: paths.knownHosts }
    : {};
};

/** Decides what vouches for a host's key, and writes the pin files that this needs into `directory`. */
export const hostKeyPolicy = async (
  target: HostTarget,
  paths: RealmPaths,
  directory: string,
): Promise<HostKeyPolicy> => {
  const pinned = target.fingerprints ?? [];
  if (pinned.length === 0) return unpinnedPolicy(paths);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pins = { script: join(directory, 'check'), file: join(directory, 'pins') };
  await writeFile(pins.script, PIN_SCRIPT, { mode: 0o600 });
  await writeFile(pins.file, `${pinned.join('\n')}\n`, { mode: 0o600 });
  return { pins };
};

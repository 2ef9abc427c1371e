import { REDACTION } from './redaction.js';

/**
 * What every fragment may use: `has PROGRAM`, `limit SECONDS COMMAND…`, `block NAME` (begins a part of the output
 * that the parser finds again), `show FILE…` (a block per readable file), `hmac_secrets` (filter for files with
 * secrets). Fragments run in subshells, so that nothing they set is seen by the next.
 */
export const PRELUDE = `
LC_ALL=C; export LC_ALL
HOST_PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin
PATH=$HOST_PATH; export PATH
K3S_BIN=/var/lib/rancher/k3s/data/current/bin
has() { command -v "$1" >/dev/null 2>&1; }
if has timeout; then limit() { timeout "$@"; }; else limit() { shift; "$@"; }; fi
block() { printf '@@ %s\\n' "$*"; }
show() {
  for file do
    if [ -f "$file" ] && [ -r "$file" ]; then block "$file"; cat "$file"; echo; fi
  done
}
is_container() {
  [ -e /run/systemd/container ] || [ -e /.dockerenv ] || grep -q 'container=' /proc/1/environ 2>/dev/null
}
${REDACTION}
IPAD=; OPAD=
read -r IPAD; read -r OPAD
`;

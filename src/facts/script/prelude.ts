import { REDACTION } from './redaction.js';

/**
 * What every fragment may use: `has PROGRAM`, `limit SECONDS COMMAND…`, `block NAME` (begins a part of the output
 * that the parser finds again), `say FILE…` (small files, without a process for each), `lines_in FILE`, `show FILE…`
 * (a block per readable file), `hmac_secrets` (filter for files with secrets), the kernel's `$RELEASE` and
 * `$MACHINE`. Fragments run in subshells, so that nothing they set is seen by the next. Starting processes is what
 * costs time on a host: a fragment starts as few as it can.
 */
export const PRELUDE = `
LC_ALL=C; export LC_ALL
HOST_PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin
PATH=$HOST_PATH; export PATH
K3S_BIN=/var/lib/rancher/k3s/data/current/bin
has() { command -v "$1" >/dev/null 2>&1; }
if has timeout; then limit() { timeout "$@"; }; else limit() { shift; "$@"; }; fi
SYSTEM=$(uname -rm); RELEASE=\${SYSTEM% *}; MACHINE=\${SYSTEM##* }
say() {
  for file do
    if [ -r "$file" ] && [ ! -d "$file" ]; then
      while IFS= read -r line || [ -n "$line" ]; do printf '%s\\n' "$line"; done < "$file"
    fi
  done 2>/dev/null
}
lines_in() { read -r line 2>/dev/null < "$1"; }
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

import { shellQuote } from '../../core/shell.js';

/** How long an installation waits for another one (unattended upgrades) to end. */
export const LOCK_SECONDS = 240;

/** What steps declare that install packages: how long it may take where another installation goes first, and the way back. */
export const installation = {
  replay: 'converges',
  undo: { kind: 'restorePoint' },
  expected: { seconds: 20 },
  timeoutMs: 900_000,
  retry: 'transient',
  disruptive: false,
} as const;

/**
 * Installs packages by apt and notes every package that comes with them, so that undoing purges exactly those.
 * Nothing may be removed for it: what conflicts is a person's decision.
 */
export const installScript = (packages: readonly string[]): string => `
DEBIAN_FRONTEND=noninteractive; LC_ALL=C; export DEBIAN_FRONTEND LC_ALL
options="-q -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=${LOCK_SECONDS} -o Dpkg::Options::=--force-confold"
set -- ${packages.map(shellQuote).join(' ')}
simulate() { apt-get -s $options install "$@" 2>&1; }
update() {
  waited=0
  while ! said=$(apt-get -q update 2>&1); do
    case $said in *"Could not get lock"*) ;; *) printf '%s\\n' "$said" >&2; return 1 ;; esac
    [ "$waited" -lt ${LOCK_SECONDS} ] || { printf '%s\\n' "$said" >&2; return 1; }
    sleep 1; waited=$((waited + 1))
  done
}
plan=$(simulate "$@") || { update && plan=$(simulate "$@"); } || { printf '%s\\n' "$plan" >&2; exit 1; }
for name in $(printf '%s\\n' "$plan" | awk '$1 == "Inst" && $3 !~ /^\\[/ { print $2 }'); do save_package "$name" || exit 73; done
apt-get $options install "$@" && exit 0
update && apt-get $options install "$@"
`;

# Shared by start.sh and test.sh; POSIX sh, so that it also runs where Node is missing or too old.
# Every function either succeeds or ends the script with one clear error: what is missing, what was done so far, how to go on.

NODE_MAJOR=20
NODE_MINOR=19
LAB_DISK_GB=6
# Sources and caches of the compiler, until `go clean -cache -modcache`; measured in November 2026: 17.
ENGINE_DISK_GB=18
LAB_MEMORY_GB=8
DONE=""

say() { printf '%s\n' "drover: $*" >&2; }

# Remembers a finished part of the set-up, for the error message of a later one.
done_with() {
  DONE="${DONE:+$DONE, }$1"
}

# fail CODE MESSAGE HINT
fail() {
  printf 'error[%s] %s\n' "$1" "$2" >&2
  printf '  state: %s\n' "${DONE:-nothing was done}" >&2
  printf '  hint:  %s\n' "$3" >&2
  exit 1
}

# fail_lab CODE MESSAGE HINT: the lab is optional, so the error also says how to do without it.
fail_lab() {
  printf 'error[%s] %s\n' "$1" "$2" >&2
  printf '  state: %s\n' "${DONE:-nothing was done}" >&2
  printf '  hint:  %s\n' "$3" >&2
  printf '  or:    measure your own machines instead, no lab needed: npx drover doctor root@ADDRESS root@ADDRESS\n' >&2
  exit 1
}

need_node() {
  command -v node >/dev/null 2>&1 || fail setup-node 'Node.js is not installed' \
    "install Node.js $NODE_MAJOR.$NODE_MINOR or newer (22 or 24 recommended), then run this again"
  version=$(node -p 'process.versions.node')
  major=${version%%.*}
  rest=${version#*.}
  minor=${rest%%.*}
  if [ "$major" -lt "$NODE_MAJOR" ] || { [ "$major" -eq "$NODE_MAJOR" ] && [ "$minor" -lt "$NODE_MINOR" ]; }; then
    fail setup-node "Node.js $version is too old, Drover needs $NODE_MAJOR.$NODE_MINOR or newer" \
      'Debian 12 and Ubuntu 24.04 ship Node.js 18: take 22 or 24 from nodejs.org, then run this again'
  fi
  command -v npm >/dev/null 2>&1 || fail setup-npm 'npm is not installed' 'install npm (it comes with Node.js), then run this again'
}

# Installs what package-lock.json says, when that was not done yet or the lock file is newer.
need_modules() {
  stamp=node_modules/.package-lock.json
  if [ ! -f "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
    say 'installing node modules (npm install)'
    # Not `npm ci`: it wants programs for every platform from the registry, and mirrors often have one platform's only.
    npm install --no-save --no-audit --no-fund >&2 || fail setup-modules 'npm install failed' 'npm says why above; check the network or the registry settings, then run this again'
    touch "$stamp"
  fi
  done_with 'node modules are installed'
}

need_build() {
  say 'building'
  npm run --silent build || fail setup-build 'the build failed' 'tsc says why above'
  done_with 'Drover is built'
}

free_gb() { df -Pk "$1" | awk 'NR == 2 { print int($4 / 1048576) }'; }

# What the lab cannot do without, and what cannot be installed.
need_lab_machine() {
  [ "$(uname -s)" = Linux ] || fail_lab lab-needs-linux "the lab needs Linux, this is $(uname -s)" 'run this on a Linux machine or in a virtual machine'
  [ "$(id -u)" -eq 0 ] || fail_lab lab-needs-root 'the lab needs root: it makes network namespaces and boots hosts' "run: sudo $0"
  memory=$(awk '/^MemTotal:/ { print int($2 / 1048576 + 0.5) }' /proc/meminfo)
  [ "$memory" -ge "$LAB_MEMORY_GB" ] || fail_lab lab-memory "this machine has $memory GB of memory, the lab needs $LAB_MEMORY_GB" 'use a larger machine'
  cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}
  mkdir -p "$cache"
  disk=$(free_gb "$cache")
  # Once the root file system lies in the cache, only the hosts' own changes take space.
  wanted=$LAB_DISK_GB
  [ ! -d "$cache/drover/rootfs" ] || wanted=2
  [ -d "$cache/drover/build/programs" ] || ! command -v go >/dev/null 2>&1 || wanted=$((wanted + ENGINE_DISK_GB))
  [ "$disk" -ge "$wanted" ] || fail_lab lab-disk "$disk GB are free at $cache, the lab needs $wanted" 'free some space, or set XDG_CACHE_HOME to another disk'
}

is_present() {
  case $1 in
    /*) [ -e "$1" ] ;;
    *) PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# missing_packages LIST: Debian packages that the list names and that are not there, one line.
missing_packages() {
  grep -v -e '^#' -e '^[[:space:]]*$' "$1" | while read -r needs package; do
    is_present "$needs" || printf '%s\n' "$package"
  done | sort -u | tr '\n' ' ' | sed 's/ *$//'
}

# need_packages LIST WHOM
need_packages() {
  missing=$(missing_packages "$1")
  [ -n "$missing" ] || { done_with "the packages of $2 are installed"; return 0; }
  command -v apt-get >/dev/null 2>&1 || fail_lab lab-package-missing "packages are missing and there is no apt-get: $missing" 'install the programs by hand, or use Debian or Ubuntu'
  say "installing the packages of $2: $missing"
  log=$(mktemp)
  # shellcheck disable=SC2086 # one word per package
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    fail_lab lab-package-missing "apt-get could not install: $missing" 'apt-get says why above; mend that, then run this again'
  fi
  rm -f "$log"
  missing=$(missing_packages "$1")
  [ -z "$missing" ] || fail_lab lab-package-missing "still missing after their installation: $missing" "look at $1 for the program or file that each package should bring"
  done_with "the packages of $2 are installed"
}

POLICY=/usr/sbin/policy-rc.d

# The tests start an sshd of their own. Debian starts and enables one with the package: nobody asked for logins to this machine.
need_sshd() {
  [ -n "$(missing_packages test/packages.txt)" ] || { done_with 'the packages of the tests are installed'; return 0; }
  (
    if [ ! -e "$POLICY" ]; then
      trap 'rm -f "$POLICY"' EXIT
      printf '#!/bin/sh\nexit 101\n' >"$POLICY"
      chmod 755 "$POLICY"
    fi
    need_packages test/packages.txt 'the tests'
  ) || exit 1
  [ ! -d /run/systemd/system ] || systemctl --quiet disable ssh.service ssh.socket >/dev/null 2>&1 || true
  done_with 'the packages of the tests are installed'
}

need_lab() {
  need_lab_machine
  need_packages lab/packages.txt 'the lab'
}

# need_engine NAME…: compiles what clusters of labs need, and these programs besides, once into the user's cache; from
# the machine's own network, for that of a lab leads nowhere. Without Go the commands that need the engine say so, and how
# to go on with a real K3s.
need_engine() {
  command -v go >/dev/null 2>&1 || return 0
  say 'compiling the lab engine, once (minutes)'
  node dist/cli/main.js lab build >&2 || fail setup-engine 'the lab engine could not be built' 'drover lab build says why above'
  for name in "$@"; do
    node dist/cli/main.js lab build --only "$name" >&2 ||
      fail setup-engine "$name of the lab could not be built" "drover lab build --only $name says why above"
  done
  done_with 'the lab engine is compiled'
}

#!/bin/sh
# `npm run verify`: everything that CI checks. Stops at the first check that fails; tests all run before it says so.
set -eu
cd "$(dirname "$0")/.."

step() {
  printf '\n== %s\n' "$1"
  shift
  "$@"
}

# Compilers and linters use one core each, and so do many tests: they run beside each other.
checks() {
  step 'format' npm run --silent format:check
  step 'lint' npm run --silent lint
  step 'types, tests included' npm run --silent typecheck
  step 'dead code' npm run --silent knip
  step 'generated files' npm run --silent generate:check
}

step 'build' npm run --silent build

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
DROVER_TEST_COUNTS=$scratch/counts
export DROVER_TEST_COUNTS
: >"$DROVER_TEST_COUNTS"

(checks) >"$scratch/checks" 2>&1 &
checking=$!

failed=0
step 'unit tests' npm run --silent test:unit || failed=1
checked=0
wait "$checking" || checked=$?
cat "$scratch/checks"
[ "$checked" -eq 0 ] || exit "$checked"

step 'tests of the lab engine (Go)' npm run --silent test:go || failed=1
step 'tests on lab hosts' npm run --silent test:lab || failed=1

awk -v failed="$failed" '{ passed += $1; bad += $2 } END { if (failed && !bad) bad = 1; printf "\n%d passed, %d failed\n", passed, bad }' "$DROVER_TEST_COUNTS"
exit "$failed"

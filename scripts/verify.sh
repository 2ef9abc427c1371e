#!/bin/sh
# `npm run verify`: everything that CI checks. Stops at the first check that fails; tests all run before it says so.
set -eu
cd "$(dirname "$0")/.."

step() {
  printf '\n== %s\n' "$1"
  shift
  "$@"
}

step 'build' npm run --silent build
step 'format' npm run --silent format:check
step 'lint' npm run --silent lint
step 'types, tests included' npm run --silent typecheck
step 'dead code' npm run --silent knip
step 'generated files' npm run --silent generate:check

counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
DROVER_TEST_COUNTS=$counts
export DROVER_TEST_COUNTS

failed=0
step 'tests of the lab engine (Go)' npm run --silent test:go || failed=1
step 'unit tests' npm run --silent test:unit || failed=1
step 'tests on lab hosts' npm run --silent test:lab || failed=1

awk -v failed="$failed" '{ passed += $1; bad += $2 } END { if (failed && !bad) bad = 1; printf "\n%d passed, %d failed\n", passed, bad }' "$counts"
exit "$failed"

#!/bin/sh
# Vets and tests the Go parts of the lab. Without Go there is nothing to run them with: that is said, and listed in
# test/missing-capabilities.ts; the lab's hosts need no Go.
set -eu
cd "$(dirname "$0")/.."

if ! command -v go >/dev/null 2>&1; then
  echo 'Go is not installed: the tests of lab/engine, lab/labnet, lab/standin and lab/vault are left out (missing capability: go)'
  exit 0
fi

# As src/lab/build compiles the lab's programs: what Go has compiled of Kubernetes for them is not compiled again for the tests.
export CGO_ENABLED=0 GOFLAGS=-trimpath

passed=0
failed=0
count() {
  status=0
  output=$("$@" 2>&1) || status=$?
  passed=$((passed + $(printf '%s\n' "$output" | grep -c '^ *--- PASS' || true)))
  failed=$((failed + $(printf '%s\n' "$output" | grep -c '^ *--- FAIL' || true)))
  [ "$status" -eq 0 ] || printf '%s\n' "$output" | grep -v '^ *--- PASS\|^=== '
  return "$status"
}

result=0
for module in lab/engine lab/labnet lab/standin lab/vault; do
  (cd "$module" && go vet ./...) || result=1
  count go -C "$module" test -v ./... || result=1
done
printf '%s\n' "Go: $passed passed, $failed failed"
[ -z "${DROVER_TEST_COUNTS:-}" ] || printf '%s %s\n' "$passed" "$failed" >>"$DROVER_TEST_COUNTS"
exit "$result"

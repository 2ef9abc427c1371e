#!/bin/sh
# `npm test`: sets everything up, then runs what CI runs.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

need_node
need_modules
need_build
need_lab
# Compiled once into the user's cache; without Go the tests say what they lack.
if command -v go >/dev/null 2>&1; then
  say 'compiling the lab engine, once (minutes)'
  node dist/cli/main.js lab build >&2 || fail setup-engine 'the lab engine could not be built' 'drover lab build says why above'
fi
npm run --silent verify

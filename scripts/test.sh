#!/bin/sh
# `npm test`: sets everything up, then runs what CI runs.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

need_node
need_modules
need_build
need_lab
need_sshd
need_engine traefik standin vault helm prometheus promtool node-exporter
npm run --silent verify

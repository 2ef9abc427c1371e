#!/bin/sh
# `npm start`: sets everything up, then measures the hosts of examples/keybuzz in the lab of this machine.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

SPEC=examples/keybuzz/drover.yaml
LAB=keybuzz

need_node
need_modules
need_build
need_lab

drover() { node dist/cli/main.js "$@"; }

if drover lab status "$LAB" >/dev/null 2>&1; then
  say "using the lab '$LAB' that is up"
else
  drover lab up -f "$SPEC"
fi
done_with "the lab '$LAB' is up"

status=0
drover doctor --lab "$LAB" -f "$SPEC" || status=$?
case $status in
  0 | 11) ;;
  *) fail start-doctor "the doctor ended with exit code $status" "stop the lab with: npx drover lab down $LAB" ;;
esac

cat <<END

The lab stays up. Go on with:
  npx drover lab break vxlan-blocked --lab $LAB    # break something on purpose …
  npx drover doctor --lab $LAB -f $SPEC    # … and see it named
  npx drover lab heal --lab $LAB    # mend it
  npx drover lab down $LAB    # stop and remove the lab
Measure your own machines, without the lab:
  npx drover doctor root@ADDRESS root@ADDRESS
END

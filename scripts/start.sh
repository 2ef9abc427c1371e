#!/bin/sh
# `npm start`: sets everything up, then builds the cluster of examples/keybuzz on hosts of this machine and proves it.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

SPEC=examples/keybuzz/drover.yaml
LAB=keybuzz

need_node
need_modules
need_build
need_lab
need_engine traefik standin prometheus node-exporter

drover() { node dist/cli/main.js "$@"; }

if drover lab status "$LAB" >/dev/null 2>&1; then
  say "using the lab '$LAB' that is up"
else
  drover lab up -f "$SPEC"
fi
done_with "the lab '$LAB' is up"

drover doctor --lab "$LAB" -f "$SPEC" ||
  fail start-doctor "the doctor ended with exit code $?" "heal the lab with: npx drover lab heal --lab $LAB, or stop it with: npx drover lab down $LAB"
done_with 'the doctor found no error'

drover plan --lab "$LAB" -f "$SPEC" || fail start-plan "planning ended with exit code $?" 'it says why above; then run this again'
drover apply --lab "$LAB" -f "$SPEC" --yes >/dev/null ||
  fail start-apply "the build ended with exit code $?" "go on with: npx drover apply --resume --lab $LAB -f $SPEC"
done_with 'the cluster is built'

drover verify --lab "$LAB" -f "$SPEC" || fail start-verify "the proof ended with exit code $?" "see what failed above; look closer with: npx drover lab ssh --lab $LAB k3s-master-01"
done_with 'the cluster is proven'
drover lab kubeconfig --lab "$LAB" >/dev/null

# kubectl where there is one; K3s on a server brings its own.
if command -v kubectl >/dev/null 2>&1; then
  nodes="npx drover lab kubeconfig --lab $LAB > $LAB.kubeconfig && kubectl --kubeconfig $LAB.kubeconfig get nodes"
else
  nodes="npx drover lab ssh --lab $LAB k3s-master-01 -- k3s kubectl get nodes"
fi

cat <<END

A cluster of three servers and five agents runs on this machine. Go on with:
  $nodes
  npx drover apply --lab $LAB -f $SPEC --yes    # says that there is nothing left to do
  npx drover lab crash k3s-master-01 --lab $LAB    # a server loses its power …
  npx drover verify --lab $LAB -f $SPEC    # … and see what still works
  npx drover lab start k3s-master-01 --lab $LAB    # give it back
  npx drover lab down $LAB    # stop and remove everything
Measure your own machines, without the lab:
  npx drover doctor root@ADDRESS root@ADDRESS
END

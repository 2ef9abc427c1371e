# Starts a K3s service, or restarts one that runs with other settings, and waits until it is what it shall be. Needs
# UNIT, NODE, LIMIT (seconds), STAMP. Exit status: 0 ready, 20 not ready in time, 21 ended with an error that waiting cannot
# cure (its last words on stderr), 22 the service went away.
#
# Waiting for systemctl itself would hide the reason: servers have no start limit (TimeoutStartSec=0).
since=$(date '+%Y-%m-%d %H:%M:%S')
invocation() { systemctl show --property InvocationID --value "$UNIT"; }
before=$(invocation)
stamp=/var/lib/rancher/k3s/drover-started
VERB=start
if [ "$(systemctl is-active "$UNIT")" = active ] && [ "$(cat "$stamp" 2>/dev/null)" != "$STAMP" ]; then VERB=restart; fi
# Between two tries of its own nothing would happen until the next one.
case $(systemctl show --property SubState --value "$UNIT") in auto-restart*) VERB=restart ;; esac
systemctl enable --quiet "$UNIT" || exit 22
systemctl "$VERB" --no-block "$UNIT" || exit 22
end=$(($(date +%s) + LIMIT))

said() { journalctl -u "$UNIT" --since "$since" -o cat --no-pager 2>/dev/null; }

# Errors after which K3s restarts for ever without any hope. A process that was there before has read what stood there
# then: what it says may be mended by now.
hopeless() {
  now=$(invocation)
  [ "$now" != "$before" ] || return 1
  journalctl "_SYSTEMD_INVOCATION_ID=$now" -o cat --no-pager 2>/dev/null |
    grep -E -m1 'level=(fatal|error).*(critical configuration value mismatch|token CA hash does not match|401 Unauthorized|[Nn]ot authorized|password rejected|invalid token|flag provided but not defined|bootstrap data already found|cluster ID mismatch|no such flag|unknown flag)'
}

kubectl() { /usr/local/bin/k3s kubectl --kubeconfig /etc/rancher/k3s/k3s.yaml --request-timeout 3s "$@"; }
condition() { kubectl get node "$NODE" -o "jsonpath={.status.conditions[?(@.type=='$1')].status}" 2>/dev/null; }

server_ready() {
  [ -s /etc/rancher/k3s/k3s.yaml ] && kubectl get --raw /readyz >/dev/null 2>&1 && [ "$(condition EtcdIsVoter)" = True ]
}

# An agent has no credentials for nodes; its kubelet answers when it runs and has registered.
agent_ready() {
  KUBECONFIG=/var/lib/rancher/k3s/agent/kubelet.kubeconfig /usr/local/bin/k3s kubectl --request-timeout 3s get node "$NODE" >/dev/null 2>&1
}

ready() {
  [ "$(systemctl is-active "$UNIT")" = active ] || return 1
  if [ "$UNIT" = k3s ]; then server_ready; else agent_ready; fi
}

until ready; do
  word=$(hopeless) && printf '%s\n' "$word" >&2 && exit 21
  if [ "$(date +%s)" -ge "$end" ]; then
    said | tail -n 3 >&2
    exit 20
  fi
  sleep 0.3
done
printf '%s\n' "$STAMP" >"$stamp"

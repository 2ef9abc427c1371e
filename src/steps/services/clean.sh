# Removes what kube-proxy left in the kernel besides chains, sets and devices: virtual servers of IPVS, and connections that
# it has translated. Needs SERVICES (range). Run behind the removal of the rest, whose exit status counts.
status=$?
if [ -s /proc/net/ip_vs ] && grep -qE '^(TCP|UDP|SCTP|FWM)' /proc/net/ip_vs; then
  if command -v ipvsadm >/dev/null; then
    ipvsadm --clear || status=1
  else
    echo "virtual servers of IPVS: there is no ipvsadm" >&2
    status=1
  fi
fi
# What was translated to a pod that is gone would be sent there for as long as somebody asks.
if command -v conntrack >/dev/null; then conntrack -D --orig-dst "$SERVICES" >/dev/null 2>&1 || true; fi
exit $status

import { OWN_MARK, type UfwRule } from './ufw-rules.js';

/** Line between the rules of the two families in what the script reads. */
export const SPLIT = '### IPv6 ###';

const FILES = '/etc/ufw/user.rules /etc/ufw/user6.rules /etc/ufw/ufw.conf /etc/default/ufw';

/**
 * Loads the rules into the kernel, but leaves ufw off for the next boot: a reboot before somebody could log in anew
 * then opens the host instead of shutting everybody out. Others' rules stay, behind Drover's.
 */
export const applyScript = `
save_ufw || exit 73
for file in ${FILES}; do [ -e "$file" ] || { echo "$file is missing" >&2; exit 1; }; save_file "$file" || exit 73; done
sed -n 's/^[[:space:]]*\\([a-z][^#=[:space:]]*\\)=.*/\\1/p' /etc/ufw/sysctl.conf 2>/dev/null | tr / . >"$DROVER_CALL/keys"
while read -r key; do save_sysctl "$key"; done <"$DROVER_CALL/keys"
# A file that ufw itself never wrote has no rules for logging yet.
level=$(sed -n 's/^LOGLEVEL=//p' /etc/ufw/ufw.conf)
grep -q '### LOGGING ###' /etc/ufw/user.rules || ufw logging "\${level:-low}" >/dev/null 2>&1
merge() { # FILE FAMILY
  cp -p "$1" "$1.drover-new" && data | awk -v family="$2" '
    source == "new" { if ($0 == "${SPLIT}") half = 6; else if ((half == 6) == (family == 6)) own = own $0 "\\n"; next }
    /^### tuple ###/ { skip = index($0, "${OWN_MARK}") > 0 }
    /^### END RULES ###/ { skip = 0 }
    skip { next }
    { print }
    /^### RULES ###/ { print ""; printf "%s", own; eat = 1; next }
  ' source=new - source=old "$1" | cat -s >"$1.drover-new" && sync "$1.drover-new" && mv -fT "$1.drover-new" "$1"
}
merge /etc/ufw/user.rules 4 && merge /etc/ufw/user6.rules 6 || exit 73
sed -i -E 's/^DEFAULT_INPUT_POLICY=.*[Aa][Cc][Cc][Ee][Pp][Tt].*/DEFAULT_INPUT_POLICY="DROP"/' /etc/default/ufw || exit 73
sed -i -E 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf || exit 73
if iptables -n -L ufw-user-input >/dev/null 2>&1 && iptables -S INPUT | grep -qx -- '-P INPUT DROP'; then
  iptables-restore -n </etc/ufw/user.rules && ip6tables-restore -n </etc/ufw/user6.rules
else
  /lib/ufw/ufw-init force-stop >/dev/null; /lib/ufw/ufw-init start
fi
loaded=$?
sed -i -E 's/^ENABLED=.*/ENABLED=no/' /etc/ufw/ufw.conf && sync /etc/ufw/ufw.conf || exit 73
exit "$loaded"
`;

/** Somebody could log in anew: ufw comes with every boot from now on. */
export const keepScript = `
save_file /etc/ufw/ufw.conf && sed -i -E 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf && sync /etc/ufw/ufw.conf || exit 73
systemctl is-enabled --quiet ufw.service || { save_unit ufw.service && systemctl enable --quiet ufw.service; }
`;

/** Prints what is not as wanted: each rule is looked for in the kernel and in ufw's file. */
export const checkScript = (rules: readonly UfwRule[]): string => {
  const check = (family: 4 | 6): string => {
    const tool = family === 4 ? 'iptables' : 'ip6tables';
    const file = family === 4 ? '/etc/ufw/user.rules' : '/etc/ufw/user6.rules';
    const lines = rules.filter((rule) => rule.family === family).map(({ kernel }) => kernel);
    return `
${tool} -S INPUT | grep -qx -- '-P INPUT DROP' || echo "${tool}: inbound packets are not denied by default"
while read -r rule; do
  grep -qxF -e "$rule" ${file} || echo "not in ${file}: $rule"
  ${tool} -C \${rule#-A } 2>/dev/null || echo "not in the kernel: $rule"
done <<'RULES'
${lines.join('\n')}
RULES`;
  };
  return `
grep -qx 'ENABLED=yes' /etc/ufw/ufw.conf || echo "ufw is off at boot"
systemctl is-enabled --quiet ufw.service || echo "ufw.service is disabled"
${check(4)}
if grep -qiE '^IPV6="?yes' /etc/default/ufw; then${check(6)}
fi
true`;
};

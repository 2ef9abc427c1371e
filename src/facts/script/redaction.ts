/**
 * Redaction on the host, as an awk program that every awk understands (mawk has neither intervals nor a switch for
 * ignoring case). It finds values of keys that sound secret, user information in addresses, K3s' long tokens and
 * authorization headers.
 *
 *   mode=mask   replaces them by `(redacted)`: the last filter of everything that leaves the host
 *   mode=mark   encloses them in the characters 1 and 2, for the shell to replace by HMACs
 *
 * In mark mode the whole rest of a line belongs to a key at its start, and so do lines that are indented deeper
 * than a secret key: YAML may fold or block a value over several lines. Rather too much than too little.
 */
const AWK = `
function wrap(v) { return mode == "mark" ? sprintf("%c%s%c", 1, v, 2) : "(redacted)" }
function harmless(key, value) {
  if (key ~ /[-_](file|path|dir|ttl|timeout|duration|mode|provider)$/) return 1
  if (key ~ /^-*(secrets[-_]encryption|etcd-s3-config-secret|tokencleaner)/) return 1
  return value == "" || value ~ /^(true|false|null|[|>][-+0-9]*|hmac:[0-9a-f]+|.redacted.)$/
}
function hide_all(s, re,    out) {
  out = ""
  while (match(s, re)) {
    out = out substr(s, 1, RSTART - 1 + lead) wrap(substr(s, RSTART + lead, RLENGTH - lead - trail))
    s = substr(s, RSTART + RLENGTH - trail)
  }
  return out s
}
function value_length(s, whole, open,    q, n) {
  if (open != "") return index(s, open) ? index(s, open) - 1 : length(s)
  q = substr(s, 1, 1)
  if (q == "\\"" || q == "\\047") {
    n = index(substr(s, 2), q)
    return n ? -n : length(s)
  }
  if (whole) return match(s, /[ \\t]+#/) ? RSTART - 1 : length(s)
  return match(s, /[] \\t,;}"\\047]/) ? RSTART - 1 : length(s)
}
function hide_keys(s,    out, low, key, start, rest, gap, n, whole, v, open, size) {
  out = ""
  low = tolower(s)
  while (match(low, WORD)) {
    key = substr(low, RSTART, RLENGTH)
    start = RSTART + RLENGTH
    whole = (out == "" && substr(low, 1, RSTART - 1) ~ /^[ \\t]*(- +)?(export +)?["\\047]?$/)
    rest = substr(s, start)
    open = substr(s, RSTART - 1, 1)
    if (RSTART == 1 || (open != "\\"" && open != "\\047") || substr(rest, 1, 1) == open) open = ""
    gap = 0
    if (match(rest, /^["\\047]?[ \\t]*[:=][ \\t]*/)) gap = RLENGTH
    else if (key ~ /^-/ && match(rest, /^["\\047]?[ \\t]+/)) { gap = RLENGTH; whole = 0 }
    if (key ~ /^-/) whole = 0
    v = substr(rest, gap + 1)
    n = gap ? value_length(v, whole, open) : 0
    if (n < 0) { gap += 1; n = -n - 1; v = substr(v, 2) }
    v = substr(v, 1, n)
    sub(/[ \\t\\r]+$/, "", v)
    size = length(v)
    gsub(/[\\001\\002]/, "", v)
    if (gap && !harmless(key, v) && v !~ /^["\\047]?[|>]?$/) {
      out = out substr(s, 1, start - 1 + gap) wrap(v)
      s = substr(s, start + gap + size)
    } else {
      out = out substr(s, 1, start - 1)
      s = rest
    }
    low = tolower(s)
  }
  return out s
}
function indent_of(s) { match(s, /^[ ]*/); return RLENGTH }
BEGIN {
  WORD = "-*[a-z0-9_.-]*(token|passw|passphrase|secret|api[-_]?key|access[-_]?key|private[-_]?key|key-data|credential|auth[-_]?key|authorization|psk)[a-z0-9_.-]*"
  AUTH = "(^|[ \\t{,-])[\\"\\047]?auth[\\"\\047]?[ \\t]*:"
  SUSPECT = "key|token|pass|secret|cred|auth|psk|bearer|k10|k3s|rke2|:\\/\\/"
  deep = -1
}
{
  if (mode == "mask" && $0 ~ /hmac:[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]/) { print; next }
  if (mode == "mark" && deep >= 0 && $0 !~ /^[ \\t]*(#|$)/) {
    if (indent_of($0) > deep) {
      line = $0; sub(/^[ ]+/, "", line)
      printf "%s%s\\n", substr($0, 1, indent_of($0)), wrap(line)
      next
    }
    deep = -1
  }
  low = tolower($0)
  if (mode == "mask" && low !~ SUSPECT) { print; next }
  if (mode == "mark" && (low ~ /^[ ]*["\\047]?[a-z0-9_.-]+["\\047]?[ ]*:/) && (low ~ ("^[ ]*[\\"\\047]?" WORD "[\\"\\047]?[ ]*:") || low ~ AUTH) && low !~ /^[ ]*["\\047]?[a-z0-9_.-]*([-_](file|path|dir)|secrets-encryption[a-z-]*|etcd-s3-config-secret)["\\047]?[ ]*:/) deep = indent_of($0)
  s = $0
  lead = 3; trail = 1; s = hide_all(s, ":\\/\\/[^ \\"\\047<>\\001]*@")
  lead = 0; trail = 0; s = hide_all(s, "K10[0-9a-f]+::[^ \\"\\047\\001\\002]+")
  lead = 7; s = hide_all(s, "[Bb]earer [^ \\"\\047\\001]+")
  if (low ~ AUTH && s !~ /\\001/ && match(s, /auth["\\047]?[ \\t]*:[ \\t]*/) && RSTART + RLENGTH <= length(s)) {
    s = substr(s, 1, RSTART + RLENGTH - 1) wrap(substr(s, RSTART + RLENGTH))
  }
  if (s ~ /(k3s|rke2)/ && match(s, /[ "\\047]-t["\\047]?[ =]+["\\047]?/)) {
    low = substr(s, RSTART + RLENGTH)
    match(low, /^[^ "\\047]*/)
    s = substr(s, 1, length(s) - length(low)) wrap(substr(low, 1, RLENGTH)) substr(low, RLENGTH + 1)
  }
  print hide_keys(s)
}
`;

/**
 * Shell functions: `mask_secrets` and `hmac_secrets` are filters, `hmac` prints `hmac:HEX` of its input. The two
 * pads of the key come as octal escapes in $IPAD and $OPAD, for `%b` of printf, a builtin: in
 * its format some shells would take an escaped per cent sign for a directive.
 */
export const REDACTION = `
SOH=$(printf '\\001'); STX=$(printf '\\002')
redact_awk() { awk -v mode="$1" '${AWK.replaceAll("'", "'\\''")}'; }
mask_secrets() { redact_awk mask; }
to_octal() {
  octal=
  hex=$1
  while [ -n "$hex" ]; do
    tail_=\${hex#??}
    octal="$octal$(printf '\\\\0%03o' "0x\${hex%"$tail_"}")"
    hex=$tail_
  done
}
hmac() {
  if [ -z "$IPAD" ] || ! has sha256sum; then cat >/dev/null; echo '(redacted)'; return; fi
  inner=$({ printf '%b' "$IPAD"; cat; } | sha256sum)
  to_octal "\${inner%% *}"
  outer=$(printf '%b' "$OPAD$octal" | sha256sum)
  echo "hmac:\${outer%% *}"
}
hmac_secrets() {
  redact_awk mark | while IFS= read -r line; do
    while case $line in *"$SOH"*"$STX"*) true ;; *) false ;; esac; do
      before=\${line%%"$SOH"*}
      after=\${line#*"$SOH"}
      line="$before$(printf '%s' "\${after%%"$STX"*}" | hmac)\${after#*"$STX"}"
    done
    printf '%s\\n' "$line"
  done
}
`;

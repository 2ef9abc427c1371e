# Head of a call's own script. All input is read into memory before the first effect: a connection that breaks
# while data is on its way then changes nothing. Input never touches the disk: it may hold secrets.
umask 077
finish() {
  printf '%s\n' "$1" >"$DROVER_CALL/result.new"
  sync "$DROVER_CALL/out" "$DROVER_CALL/err" "$DROVER_CALL/result.new"
  mv -f "$DROVER_CALL/result.new" "$DROVER_CALL/result" && sync "$DROVER_CALL"
  exit "$1"
}
input=$(head -c "$DROVER_BYTES")
exec </dev/null >"$DROVER_CALL/out" 2>"$DROVER_CALL/err"
if [ ${#input} -ne "$DROVER_BYTES" ]; then
  echo "input was cut short; nothing was changed" >&2
  finish 74
fi
data() { printf %s "$input" | base64 -d; }

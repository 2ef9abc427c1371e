# Ends before anything is touched: with 22 when what was saved is damaged, with 21 when others have changed a saved thing
# since the action left it. Needs DROVER_DAMAGED (leave = it stays as it is), DROVER_OVERWRITE (yes = never mind) and
# states.sh.
named() { # VERDICT
  while read -r number kind word name was is; do
    [ "$word" != "$1" ] || printf '%s %s\n' "$kind" "$(unb64 "${name#=}")" >&2
  done <"$DROVER_CALL/survey"
}
found() { grep -q "^[0-9]* [a-z]* $1 " "$DROVER_CALL/survey"; }

survey >"$DROVER_CALL/survey"
if found damaged && [ "$DROVER_DAMAGED" != leave ]; then
  named damaged
  exit 22
fi
if ! listed; then
  : >"$DROVER_ACTION/left-alone"
  exit 0
fi
if [ "$DROVER_OVERWRITE" != yes ] && found foreign; then
  named foreign
  exit 21
fi

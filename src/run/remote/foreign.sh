# Ends with 21 before anything is touched when others have changed a saved thing since the action left it. Needs
# DROVER_OVERWRITE (yes = never mind) and states.sh.
if [ "$DROVER_OVERWRITE" != yes ]; then
  survey >"$DROVER_CALL/survey"
  if grep -q '^[0-9]* [a-z]* foreign ' "$DROVER_CALL/survey"; then
    while read -r number kind word name was is; do
      [ "$word" != foreign ] || printf '%s %s\n' "$kind" "$(unb64 "${name#=}")" >&2
    done <"$DROVER_CALL/survey"
    exit 21
  fi
fi

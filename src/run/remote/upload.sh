# Receives $bytes bytes of standard input as $path with $mode and $owner, when their SHA-256 is $digest.
same() { [ "$(sha256sum <"$1" | cut -d' ' -f1)" = "$digest" ]; }
new=$path.drover-new
make_dir "$(dirname "$path")" 0755 || exit 73
# On a full disk half a file would take the last of it.
if ! head -c "$bytes" >"$new"; then
  rm -f "$new"
  exit 73
fi
if ! same "$new"; then
  rm -f "$new"
  echo "what arrived is not what was sent; nothing was changed" >&2
  exit 74
fi
if ! { save_file "$path" && chmod "$mode" "$new" && chown "$owner" "$new" && sync "$new" && mv -fT "$new" "$path" && sync "$(dirname "$path")"; }; then
  rm -f "$new"
  exit 73
fi
note_left
tell_saved

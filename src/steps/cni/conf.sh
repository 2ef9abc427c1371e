# Puts a CNI configuration into the folder that the runtime reads. Needs CONF_DIR, CONF_NAME, BIN_DIR, PLUGINS, PLUGIN_DIR
# (where the network's pods put them: copied to BIN_DIR when that is another folder), STAGED (where the network's own pods left it, or empty: then it is line 1 of the data, in base64) and the functions of save
# points. Exit status: 66 = nothing was staged, 67 = a plugin is missing, 68 = another file would be read first.
path=$CONF_DIR/$CONF_NAME
first=$({ ls "$CONF_DIR" 2>/dev/null | grep -E '\.(conf|conflist|json)$'; echo "$CONF_NAME"; } | LC_ALL=C sort | head -n 1)
if [ "$first" != "$CONF_NAME" ]; then
  echo "$CONF_DIR/$first would be read first" >&2
  exit 68
fi
for plugin in $PLUGINS; do
  if [ ! -x "$PLUGIN_DIR/$plugin" ]; then
    echo "$PLUGIN_DIR/$plugin is missing" >&2
    exit 67
  fi
done
if [ "$PLUGIN_DIR" != "$BIN_DIR" ]; then
  for plugin in $PLUGINS; do
    save_file "$BIN_DIR/$plugin" || exit 73
    new=$BIN_DIR/$plugin.drover-new
    { cp -L "$PLUGIN_DIR/$plugin" "$new" && chmod 0755 "$new" && sync "$new" && mv -fT "$new" "$BIN_DIR/$plugin"; } || exit 73
  done
fi
if [ -n "$STAGED" ]; then
  if [ ! -s "$STAGED" ]; then
    echo "$STAGED is missing" >&2
    exit 66
  fi
  make_dir "$CONF_DIR" 0755 && save_file "$path" || exit 73
  new=$path.drover-new
  { cp "$STAGED" "$new" && chmod 0600 "$new" && sync "$new" && mv -fT "$new" "$path" && sync "$CONF_DIR"; } || exit 73
else
  put_file "$path" 0600 root:root plain 1 || exit 73
fi

# Copies the configuration of a network, and the plugins that it names, into the folders that a runtime reads by default.
# Needs SOURCE (file), FROM (folder of plugins), PLUGINS, CONF_DIR, CONF_NAME, BIN_DIR and the functions of save points.
# Exit status: 66 = the configuration is missing, 67 = a plugin is.
copy() { # SOURCE PATH MODE
  if [ -f "$2" ] && cmp -s "$1" "$2"; then return 0; fi
  make_dir "$(dirname "$2")" 0755 && save_file "$2" || return 1
  new=$2.drover-new
  if ! { cp -L "$1" "$new" && chmod "$3" "$new" && sync "$new" && mv -fT "$new" "$2" && sync "$(dirname "$2")"; }; then
    rm -f "$new"
    return 1
  fi
}
if [ ! -s "$SOURCE" ]; then
  echo "$SOURCE is missing" >&2
  exit 66
fi
# Plugins first: the configuration counts from the moment it is there.
for plugin in $PLUGINS; do
  if [ -x "$FROM/$plugin" ]; then
    copy "$FROM/$plugin" "$BIN_DIR/$plugin" 0755 || exit 73
  elif [ ! -x "$BIN_DIR/$plugin" ]; then
    echo "$FROM/$plugin is missing" >&2
    exit 67
  fi
done
copy "$SOURCE" "$CONF_DIR/$CONF_NAME" 0600 || exit 73

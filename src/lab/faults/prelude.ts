/**
 * Shell functions that fault scripts may use. Originals are kept on the host's own disk, so that they survive
 * power cuts and snapshots together with the fault: `save PATH…` before a change, `restore PATH…` after.
 */
const FUNCTIONS = `
save() {
  for path in "$@"; do
    kept="$KEEP$path"
    if [ -e "$kept" ] || [ -L "$kept" ] || [ -e "$kept.absent" ]; then continue; fi
    mkdir -p "\${kept%/*}"
    if [ -e "$path" ] || [ -L "$path" ]; then cp -a "$path" "$kept"; else : >"$kept.absent"; fi
  done
}
restore() {
  for path in "$@"; do
    kept="$KEEP$path"
    if [ -e "$kept.absent" ]; then rm -rf "$path"
    elif [ -e "$kept" ] || [ -L "$kept" ]; then rm -rf "$path"; cp -a "$kept" "$path"; fi
    rm -rf "$kept" "$kept.absent"
  done
}
`;

/** A fault's script as it runs in a host. */
export const withPrelude = (fault: string, script: string): string =>
  `export LC_ALL=C.UTF-8\nKEEP=/var/lib/drover-lab/${fault}\n${FUNCTIONS}\n${script}\n`;

# Writes $BYTES bytes of standard input at $OFFSET of $FILE in the folder of a run; fence.sh stands before it.
# Offset 0 replaces the file. Exit status 78 = the file is shorter than the offset, 74 = input cut short.
umask 077
folder=/var/lib/drover/$DROVER_RUN
mkdir -p "$folder" || exit 73
file=$folder/$FILE
size=$(stat -c %s "$file" 2>/dev/null || echo 0)
[ "$size" -ge "$OFFSET" ] || exit 78
head -c "$BYTES" >"$file.part" || exit 73
[ "$(stat -c %s "$file.part")" -eq "$BYTES" ] || exit 74
if [ "$OFFSET" -eq 0 ]; then
  sync "$file.part" && mv -f "$file.part" "$file" && sync "$folder" || exit 73
else
  truncate -s "$OFFSET" "$file" && cat "$file.part" >>"$file" && sync "$file" && rm -f "$file.part" || exit 73
fi

import { defineCollector } from '../collector.js';
import { blocksOf, numberOr } from './blocks.js';

export const sudo = defineCollector({
  id: 'sudo',
  title: 'Rights of the login',
  volatile: false,
  needsRoot: false,
  script: `
block user; echo "\${SUDO_USER:-\${USER:-$(id -un)}}"
block uid; id -u
block port
if [ -n "\${SSH_CONNECTION:-}" ]; then echo "\${SSH_CONNECTION##* }"; exit 0; fi
# sudo takes the variable away: the login above it still has it.
pid=$$
while [ "\${pid:-0}" -gt 1 ]; do
  found=$(tr '\\0' '\\n' 2>/dev/null < "/proc/$pid/environ" | sed -n 's/^SSH_CONNECTION=.* //p')
  if [ -n "$found" ]; then echo "$found"; break; fi
  pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status" 2>/dev/null)
done`,
  parse: ({ stdout }) => {
    const block = blocksOf(stdout);
    const uid = Number(block('uid'));
    if (block('uid') === '' || Number.isNaN(uid)) return { error: 'id printed no number' };
    const port = numberOr(block('port'), undefined);
    const value = { user: block('user'), uid, root: uid === 0 };
    return { value: port === undefined ? value : { ...value, sshPort: port } };
  },
});
